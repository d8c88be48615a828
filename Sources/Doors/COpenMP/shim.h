// The threads of GNU OpenMP, which oneDNN works on: using the same ones keeps a second pool from
// competing with them. `GOMP_parallel` is what gcc compiles `#pragma omp parallel` to.
#ifndef MOLE_COPENMP_SHIM_H
#define MOLE_COPENMP_SHIM_H

void GOMP_parallel(void (*body)(void *), void *data, unsigned thread_count, unsigned flags);
int omp_get_thread_num(void);
int omp_get_num_threads(void);
int omp_in_parallel(void);
void omp_set_num_threads(int count);
int omp_get_num_procs(void);

#endif

// What Swift cannot import of HDF5: macros, shared mutable globals, functions whose name is a
// versioned macro, and callbacks. Nothing here decides anything.
#ifndef MOLE_CHDF5_SHIM_H
#define MOLE_CHDF5_SHIM_H

#include <hdf5.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static inline hid_t mole_h5_default(void) { return H5P_DEFAULT; }
static inline hid_t mole_h5_all(void) { return H5S_ALL; }
static inline size_t mole_h5_variable(void) { return H5T_VARIABLE; }

// Types in memory.
static inline hid_t mole_h5_native_float(void) { return H5T_NATIVE_FLOAT; }
static inline hid_t mole_h5_native_double(void) { return H5T_NATIVE_DOUBLE; }
static inline hid_t mole_h5_native_int8(void) { return H5T_NATIVE_INT8; }
static inline hid_t mole_h5_native_int16(void) { return H5T_NATIVE_INT16; }
static inline hid_t mole_h5_native_int32(void) { return H5T_NATIVE_INT32; }
static inline hid_t mole_h5_native_int64(void) { return H5T_NATIVE_INT64; }
static inline hid_t mole_h5_native_uint8(void) { return H5T_NATIVE_UINT8; }
static inline hid_t mole_h5_native_uint16(void) { return H5T_NATIVE_UINT16; }
static inline hid_t mole_h5_native_uint32(void) { return H5T_NATIVE_UINT32; }
static inline hid_t mole_h5_native_uint64(void) { return H5T_NATIVE_UINT64; }
static inline hid_t mole_h5_string(void) { return H5T_C_S1; }

// Property list classes.
static inline hid_t mole_h5_file_access(void) { return H5P_FILE_ACCESS; }
static inline hid_t mole_h5_dataset_create(void) { return H5P_DATASET_CREATE; }
static inline hid_t mole_h5_dataset_transfer(void) { return H5P_DATASET_XFER; }
static inline hid_t mole_h5_file_create(void) { return H5P_FILE_CREATE; }
static inline hid_t mole_h5_group_create(void) { return H5P_GROUP_CREATE; }

static inline hid_t mole_h5_open_read_only(const char *path, hid_t access) {
  return H5Fopen(path, H5F_ACC_RDONLY, access);
}

static inline hid_t mole_h5_create(const char *path, hid_t creation, hid_t access) {
  return H5Fcreate(path, H5F_ACC_TRUNC, creation, access);
}

// Files on read-only or network storage cannot be locked, and a reader needs no lock.
static inline void mole_h5_skip_file_locking(hid_t access) {
#if H5_VERSION_GE(1, 10, 7)
  H5Pset_file_locking(access, 0, 1);
#else
  (void)access;
#endif
}

// Keeps the library from printing to standard error; its error stack may be one per thread.
static inline void mole_h5_quieten(void) { H5Eset_auto2(H5E_DEFAULT, NULL, NULL); }

static inline void mole_h5_refuse_plugins(void) { H5PLset_loading_state(0); }

// The last resort against damaged files: libhdf5 does not check all that a file claims, and a
// damaged length can make it read or free memory that is not there. Nothing can be trusted after
// that, so the process says which file it was and ends with the exit code for bad data.
//
// The handlers stand for the time of a call alone and the ones before come back after it, so that
// faults of the rest of the program are nobody's business here. Signals are the process's, though:
// another thread may fault meanwhile. Its fault is told apart by the thread, and goes to the
// handler that was there before. One thread at a time is in the library (its lock), so nothing
// here is written by two.
// (Swift emits what it calls of this header into each object file, statics included and without
// initial value left out; so these have one, and a single file calls these functions.)
enum { mole_h5_fault_count = 4, mole_h5_bad_data = 65 };
static const int mole_h5_faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGABRT};
static struct sigaction mole_h5_previous[mole_h5_fault_count] = {{{0}}};
static char mole_h5_guarded_file[4096] = "";
static pthread_t mole_h5_guarded_thread = 0;
static int mole_h5_has_lent_stack = 0;

static void mole_h5_write(const char *text) {
  ssize_t ignored = write(STDERR_FILENO, text, strlen(text));
  (void)ignored;
}

static void mole_h5_on_fault(int fault) {
  if (pthread_equal(mole_h5_guarded_thread, pthread_self())) {
    mole_h5_write("mole: '");
    mole_h5_write(mole_h5_guarded_file);
    mole_h5_write("' made the HDF5 library fail; the file is damaged, make or download it again.\n");
    _exit(mole_h5_bad_data);
  }
  for (int i = 0; i < mole_h5_fault_count; i++) {
    if (mole_h5_faults[i] == fault) sigaction(fault, &mole_h5_previous[i], NULL);
  }
  // Any other fault happens again on return, and then meets the handler there was before.
  if (fault == SIGABRT) raise(fault);
}

// A fault may be an exhausted stack, so a thread that has no other stack for its signals is lent
// one while it is in the library.
static inline void mole_h5_lend_stack(void) {
  static char stack[1 << 16] = "";
  stack_t alternate = {.ss_sp = stack, .ss_flags = 0, .ss_size = sizeof(stack)}, current;
  mole_h5_has_lent_stack = sigaltstack(NULL, &current) == 0 && (current.ss_flags & SS_DISABLE)
                           && sigaltstack(&alternate, NULL) == 0;
}

static inline void mole_h5_take_stack_back(void) {
  stack_t none = {.ss_sp = NULL, .ss_flags = SS_DISABLE, .ss_size = 0};
  if (mole_h5_has_lent_stack) sigaltstack(&none, NULL);
  mole_h5_has_lent_stack = 0;
}

static inline void mole_h5_enter(const char *file) {
  snprintf(mole_h5_guarded_file, sizeof(mole_h5_guarded_file), "%s", file);
  mole_h5_guarded_thread = pthread_self();
  mole_h5_lend_stack();
  struct sigaction action;
  memset(&action, 0, sizeof(action));
  action.sa_handler = mole_h5_on_fault;
  action.sa_flags = SA_ONSTACK | SA_NODEFER;
  for (int i = 0; i < mole_h5_fault_count; i++) {
    sigaction(mole_h5_faults[i], &action, &mole_h5_previous[i]);
  }
}

static inline void mole_h5_leave(void) {
  for (int i = 0; i < mole_h5_fault_count; i++) {
    sigaction(mole_h5_faults[i], &mole_h5_previous[i], NULL);
  }
  mole_h5_take_stack_back();
}

// The most specific entry of the library's error stack.
typedef struct {
  char *text;
  size_t size;
} mole_h5_message;

static herr_t mole_h5_take_first(unsigned n, const H5E_error2_t *entry, void *context) {
  mole_h5_message *message = (mole_h5_message *)context;
  if (n == 0 && entry->desc) snprintf(message->text, message->size, "%s", entry->desc);
  return n == 0 ? 1 : 0;
}

static inline void mole_h5_error_text(char *text, size_t size) {
  mole_h5_message message = {text, size};
  if (size == 0) return;
  text[0] = 0;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, mole_h5_take_first, &message);
}

// The link's class as in H5L_type_t; negative on failure.
static inline int mole_h5_link_class(hid_t group, const char *name) {
#if H5_VERSION_GE(1, 12, 0)
  H5L_info2_t info;
  if (H5Lget_info2(group, name, &info, H5P_DEFAULT) < 0) return -1;
#else
  H5L_info_t info;
  if (H5Lget_info(group, name, &info, H5P_DEFAULT) < 0) return -1;
#endif
  return (int)info.type;
}

// The byte count of a soft link's target, its final zero included; 0 on failure.
static inline size_t mole_h5_link_value_size(hid_t group, const char *name) {
#if H5_VERSION_GE(1, 12, 0)
  H5L_info2_t info;
  if (H5Lget_info2(group, name, &info, H5P_DEFAULT) < 0) return 0;
#else
  H5L_info_t info;
  if (H5Lget_info(group, name, &info, H5P_DEFAULT) < 0) return 0;
#endif
  return info.u.val_size;
}

// Calls `visit` with each name in a group or of an object's attributes; it stops at nonzero.
typedef int (*mole_h5_visitor)(const char *name, void *context);
typedef struct {
  mole_h5_visitor visit;
  void *context;
} mole_h5_visit;

#if H5_VERSION_GE(1, 12, 0)
static herr_t mole_h5_on_link(hid_t g, const char *name, const H5L_info2_t *i, void *context) {
#else
static herr_t mole_h5_on_link(hid_t g, const char *name, const H5L_info_t *i, void *context) {
#endif
  mole_h5_visit *visit = (mole_h5_visit *)context;
  (void)g, (void)i;
  return visit->visit(name, visit->context);
}

static herr_t mole_h5_on_attribute(
    hid_t object, const char *name, const H5A_info_t *i, void *context) {
  mole_h5_visit *visit = (mole_h5_visit *)context;
  (void)object, (void)i;
  return visit->visit(name, visit->context);
}

static inline int mole_h5_each_link(hid_t group, mole_h5_visitor visitor, void *context) {
  mole_h5_visit visit = {visitor, context};
#if H5_VERSION_GE(1, 12, 0)
  return H5Literate2(group, H5_INDEX_NAME, H5_ITER_INC, NULL, mole_h5_on_link, &visit);
#else
  return H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, NULL, mole_h5_on_link, &visit);
#endif
}

static inline int mole_h5_each_attribute(hid_t object, mole_h5_visitor visitor, void *context) {
  mole_h5_visit visit = {visitor, context};
  return H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, NULL, mole_h5_on_attribute, &visit);
}

// Variable-length strings are allocated by the library while it reads; a budget bounds them.
typedef struct {
  size_t remaining;
} mole_h5_budget;

static void *mole_h5_budget_take(size_t size, void *context) {
  mole_h5_budget *budget = (mole_h5_budget *)context;
  if (size > budget->remaining) return NULL;
  budget->remaining -= size;
  return malloc(size);
}

static void mole_h5_budget_release(void *memory, void *context) {
  (void)context;
  free(memory);
}

static inline herr_t mole_h5_set_budget(hid_t transfer, mole_h5_budget *budget) {
  return H5Pset_vlen_mem_manager(
      transfer, mole_h5_budget_take, budget, mole_h5_budget_release, budget);
}

// The identity of the n-th filter of a dataset; negative on failure. `name` gets its name.
static inline int mole_h5_filter(hid_t creation, unsigned n, char *name, size_t size) {
  unsigned flags = 0, config = 0;
  size_t values = 0;
  if (size > 0) name[0] = 0;
  return (int)H5Pget_filter2(creation, n, &flags, &values, NULL, size, name, &config);
}

#endif

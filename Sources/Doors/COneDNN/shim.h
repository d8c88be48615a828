// oneDNN's matrix product behind one handle, so that Swift sees neither descriptors nor which of
// the two generations of the interface (2.x, 3.x) is installed. Nothing here decides anything.
#ifndef MOLE_CONEDNN_SHIM_H
#define MOLE_CONEDNN_SHIM_H

#include <oneapi/dnnl/dnnl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { MOLE_F32 = 0, MOLE_BF16 = 1, MOLE_S8 = 2 };

/// What happens to a product before it is stored.
enum {
  MOLE_FINISH_NONE = 0,
  MOLE_FINISH_ADD = 1,       // added to what the result holds
  MOLE_FINISH_MULTIPLY = 2,  // times another matrix of the result's shape and type
  MOLE_FINISH_SILU = 3,
  MOLE_FINISH_GELU = 4,
  MOLE_FINISH_GELU_TANH = 5,
};

/// How the weight, `[inner, outer]`, lies in memory.
enum {
  MOLE_WEIGHT_OWN = 0,  // as the engine likes best
  MOLE_WEIGHT_PLAIN = 1,  // row by row
  MOLE_WEIGHT_TRANSPOSED = 2,  // column by column
};

typedef struct {
  int64_t rows, inner, outer;
  int source, result, has_bias, finish, source_transposed, weight;
} mole_product_shape;

#if DNNL_VERSION_MAJOR >= 3
typedef dnnl_memory_desc_t mole_layout;
typedef const_dnnl_memory_desc_t mole_const_layout;
#define MOLE_LAYOUT(layout) (layout)
#else
typedef dnnl_memory_desc_t mole_layout;
typedef const dnnl_memory_desc_t *mole_const_layout;
#define MOLE_LAYOUT(layout) (&(layout))
#endif

/// A product of one shape, ready to run.
typedef struct {
  dnnl_primitive_t primitive;
  mole_layout source, weight, bias, result;
  int has_bias, finish;
  size_t weight_bytes, scratch_bytes;
  char implementation[64];
} mole_product;

static inline dnnl_data_type_t mole_dnnl_type(int type) {
  return type == MOLE_BF16 ? dnnl_bf16 : type == MOLE_S8 ? dnnl_s8 : dnnl_f32;
}

static inline dnnl_status_t mole_layout_make(
    mole_layout *layout, int64_t rows, int64_t columns, int type, dnnl_format_tag_t tag) {
  dnnl_dims_t sides = {rows, columns};
#if DNNL_VERSION_MAJOR >= 3
  return dnnl_memory_desc_create_with_tag(layout, 2, sides, mole_dnnl_type(type), tag);
#else
  return dnnl_memory_desc_init_by_tag(layout, 2, sides, mole_dnnl_type(type), tag);
#endif
}

static inline dnnl_status_t mole_layout_copy(mole_layout *copy, mole_const_layout layout) {
#if DNNL_VERSION_MAJOR >= 3
  return dnnl_memory_desc_clone(copy, layout);
#else
  *copy = *layout;
  return dnnl_success;
#endif
}

static inline void mole_layout_free(mole_layout *layout) {
#if DNNL_VERSION_MAJOR >= 3
  if (*layout) dnnl_memory_desc_destroy(*layout);
#endif
  memset(layout, 0, sizeof *layout);
}

/// The descriptor of a product; `weight` in any layout that was made before.
static inline dnnl_status_t mole_product_describe(
    dnnl_primitive_desc_t *description, dnnl_engine_t engine, const mole_layout *source,
    const mole_layout *weight, const mole_layout *bias, const mole_layout *result,
    dnnl_primitive_attr_t attributes) {
#if DNNL_VERSION_MAJOR >= 3
  return dnnl_matmul_primitive_desc_create(
      description, engine, *source, *weight, bias ? *bias : NULL, *result, attributes);
#else
  dnnl_matmul_desc_t operation;
  dnnl_status_t status = dnnl_matmul_desc_init(&operation, source, weight, bias, result);
  if (status != dnnl_success) return status;
  return dnnl_primitive_desc_create(description, &operation, attributes, engine, NULL);
#endif
}

static inline dnnl_status_t mole_finish_append(
    dnnl_post_ops_t operations, int finish, const mole_layout *result) {
#if DNNL_VERSION_MAJOR >= 3
#define MOLE_ELTWISE(kind, alpha) dnnl_post_ops_append_eltwise(operations, kind, alpha, 0)
#define MOLE_SUM() dnnl_post_ops_append_sum(operations, 1, 0, dnnl_data_type_undef)
#else
#define MOLE_ELTWISE(kind, alpha) dnnl_post_ops_append_eltwise(operations, 1, kind, alpha, 0)
#define MOLE_SUM() dnnl_post_ops_append_sum(operations, 1)
#endif
  switch (finish) {
    case MOLE_FINISH_ADD: return MOLE_SUM();
    case MOLE_FINISH_MULTIPLY:
      return dnnl_post_ops_append_binary(operations, dnnl_binary_mul, MOLE_LAYOUT(*result));
    case MOLE_FINISH_SILU: return MOLE_ELTWISE(dnnl_eltwise_swish, 1);
    case MOLE_FINISH_GELU: return MOLE_ELTWISE(dnnl_eltwise_gelu_erf, 0);
    case MOLE_FINISH_GELU_TANH: return MOLE_ELTWISE(dnnl_eltwise_gelu_tanh, 0);
    default: return dnnl_success;
  }
#undef MOLE_ELTWISE
#undef MOLE_SUM
}

/// Shapes from here on lay out a weight alike, however many rows a product really has.
#define MOLE_LAYOUT_ROWS 256

/// The layout that the engine likes best for a weight of this shape.
static inline dnnl_status_t mole_weight_layout(
    mole_layout *layout, dnnl_engine_t engine, int64_t inner, int64_t outer, int type) {
  mole_layout source, any, result;
  memset(&source, 0, sizeof source), memset(&any, 0, sizeof any), memset(&result, 0, sizeof result);
  dnnl_primitive_attr_t attributes = NULL;
  dnnl_primitive_desc_t description = NULL;
  dnnl_status_t status = dnnl_primitive_attr_create(&attributes);
  if (!status) status = mole_layout_make(&source, MOLE_LAYOUT_ROWS, inner, type, dnnl_ab);
  if (!status) status = mole_layout_make(&any, inner, outer, type, dnnl_format_tag_any);
  if (!status) status = mole_layout_make(&result, MOLE_LAYOUT_ROWS, outer, MOLE_F32, dnnl_ab);
  if (!status)
    status = mole_product_describe(
        &description, engine, &source, &any, NULL, &result, attributes);
  if (!status)
    status = mole_layout_copy(
        layout, dnnl_primitive_desc_query_md(description, dnnl_query_weights_md, 0));
  if (description) dnnl_primitive_desc_destroy(description);
  if (attributes) dnnl_primitive_attr_destroy(attributes);
  mole_layout_free(&source), mole_layout_free(&any), mole_layout_free(&result);
  return status;
}

static inline void mole_product_destroy(mole_product *product) {
  if (!product) return;
  if (product->primitive) dnnl_primitive_destroy(product->primitive);
  mole_layout_free(&product->source), mole_layout_free(&product->weight);
  mole_layout_free(&product->bias), mole_layout_free(&product->result);
  free(product);
}

static inline dnnl_status_t mole_product_build(
    mole_product *product, dnnl_engine_t engine, mole_product_shape shape,
    dnnl_primitive_attr_t attributes, dnnl_post_ops_t operations) {
  dnnl_status_t status =
      shape.weight == MOLE_WEIGHT_OWN
          ? mole_weight_layout(&product->weight, engine, shape.inner, shape.outer, shape.source)
          : mole_layout_make(
                &product->weight, shape.inner, shape.outer, shape.source,
                shape.weight == MOLE_WEIGHT_PLAIN ? dnnl_ab : dnnl_ba);
  if (!status)
    status = mole_layout_make(
        &product->source, shape.rows, shape.inner, shape.source,
        shape.source_transposed ? dnnl_ba : dnnl_ab);
  if (!status)
    status = mole_layout_make(&product->result, shape.rows, shape.outer, shape.result, dnnl_ab);
  if (!status && shape.has_bias)
    status = mole_layout_make(&product->bias, 1, shape.outer, MOLE_F32, dnnl_ab);
  if (!status) status = mole_finish_append(operations, shape.finish, &product->result);
  if (!status) status = dnnl_primitive_attr_set_post_ops(attributes, operations);
  if (!status)
    status = dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user);
  dnnl_primitive_desc_t description = NULL;
  if (!status)
    status = mole_product_describe(
        &description, engine, &product->source, &product->weight,
        shape.has_bias ? &product->bias : NULL, &product->result, attributes);
  if (!status) status = dnnl_primitive_create(&product->primitive, description);
  if (!status) {
    const char *name = NULL;
    dnnl_primitive_desc_query(description, dnnl_query_impl_info_str, 0, &name);
    if (name) strncpy(product->implementation, name, sizeof product->implementation - 1);
    product->scratch_bytes = dnnl_memory_desc_get_size(
        dnnl_primitive_desc_query_md(description, dnnl_query_scratchpad_md, 0));
    product->weight_bytes = dnnl_memory_desc_get_size(MOLE_LAYOUT(product->weight));
  }
  if (description) dnnl_primitive_desc_destroy(description);
  return status;
}

/// A product for one shape, or NULL where the engine has none.
static inline mole_product *mole_product_create(dnnl_engine_t engine, mole_product_shape shape) {
  mole_product *product = calloc(1, sizeof *product);
  if (!product) return NULL;
  product->has_bias = shape.has_bias;
  product->finish = shape.finish;
  dnnl_primitive_attr_t attributes = NULL;
  dnnl_post_ops_t operations = NULL;
  dnnl_status_t status = dnnl_primitive_attr_create(&attributes);
  if (!status) status = dnnl_post_ops_create(&operations);
  if (!status) status = mole_product_build(product, engine, shape, attributes, operations);
  if (operations) dnnl_post_ops_destroy(operations);
  if (attributes) dnnl_primitive_attr_destroy(attributes);
  if (!status) return product;
  mole_product_destroy(product);
  return NULL;
}

/// Lays a row-major `[outer, inner]` weight out as products want it, converting its type; fails
/// where the layout has not exactly `packed_bytes`.
static inline int mole_weight_pack(
    dnnl_engine_t engine, dnnl_stream_t stream, int64_t inner, int64_t outer, int from,
    const void *plain, int to, void *packed, size_t packed_bytes) {
  mole_layout plain_layout, packed_layout;
  memset(&plain_layout, 0, sizeof plain_layout), memset(&packed_layout, 0, sizeof packed_layout);
  dnnl_memory_t source = NULL, target = NULL;
  dnnl_primitive_desc_t description = NULL;
  dnnl_primitive_t primitive = NULL;
  dnnl_status_t status = mole_layout_make(&plain_layout, inner, outer, from, dnnl_ba);
  if (!status) status = mole_weight_layout(&packed_layout, engine, inner, outer, to);
  if (!status && dnnl_memory_desc_get_size(MOLE_LAYOUT(packed_layout)) != packed_bytes)
    status = dnnl_invalid_arguments;
  if (!status)
    status = dnnl_reorder_primitive_desc_create(
        &description, MOLE_LAYOUT(plain_layout), engine, MOLE_LAYOUT(packed_layout), engine, NULL);
  if (!status) status = dnnl_primitive_create(&primitive, description);
  if (!status)
    status = dnnl_memory_create(&source, MOLE_LAYOUT(plain_layout), engine, (void *)plain);
  if (!status) status = dnnl_memory_create(&target, MOLE_LAYOUT(packed_layout), engine, packed);
  dnnl_exec_arg_t arguments[] = {{DNNL_ARG_FROM, source}, {DNNL_ARG_TO, target}};
  if (!status) status = dnnl_primitive_execute(primitive, stream, 2, arguments);
  if (!status) status = dnnl_stream_wait(stream);
  if (source) dnnl_memory_destroy(source);
  if (target) dnnl_memory_destroy(target);
  if (primitive) dnnl_primitive_destroy(primitive);
  if (description) dnnl_primitive_desc_destroy(description);
  mole_layout_free(&plain_layout), mole_layout_free(&packed_layout);
  return status;
}

/// Runs a product: `other` is the factor of MOLE_FINISH_MULTIPLY, `scratch` has `scratch_bytes`.
static inline int mole_product_run(
    const mole_product *product, dnnl_engine_t engine, dnnl_stream_t stream, const void *source,
    const void *weight, const float *bias, const void *other, void *scratch, void *result) {
  dnnl_exec_arg_t arguments[6];
  int count = 0;
  dnnl_status_t status = dnnl_success;
  mole_layout scratch_layout;
  memset(&scratch_layout, 0, sizeof scratch_layout);
  dnnl_dims_t scratch_side = {(dnnl_dim_t)product->scratch_bytes};
#if DNNL_VERSION_MAJOR >= 3
  status = dnnl_memory_desc_create_with_tag(&scratch_layout, 1, scratch_side, dnnl_u8, dnnl_a);
#else
  status = dnnl_memory_desc_init_by_tag(&scratch_layout, 1, scratch_side, dnnl_u8, dnnl_a);
#endif
#define MOLE_ARGUMENT(key, layout, pointer)                                              \
  if (!status) {                                                                         \
    arguments[count].arg = key;                                                          \
    status = dnnl_memory_create(                                                         \
        &arguments[count].memory, MOLE_LAYOUT(layout), engine, (void *)(pointer));       \
    if (!status) count++;                                                                \
  }
  MOLE_ARGUMENT(DNNL_ARG_SRC, product->source, source)
  MOLE_ARGUMENT(DNNL_ARG_WEIGHTS, product->weight, weight)
  MOLE_ARGUMENT(DNNL_ARG_DST, product->result, result)
  if (product->has_bias) { MOLE_ARGUMENT(DNNL_ARG_BIAS, product->bias, bias) }
  if (product->finish == MOLE_FINISH_MULTIPLY) {
    MOLE_ARGUMENT(
        DNNL_ARG_ATTR_MULTIPLE_POST_OP(0) | DNNL_ARG_SRC_1, product->result, other)
  }
  if (product->scratch_bytes) { MOLE_ARGUMENT(DNNL_ARG_SCRATCHPAD, scratch_layout, scratch) }
#undef MOLE_ARGUMENT
  if (!status) status = dnnl_primitive_execute(product->primitive, stream, count, arguments);
  if (!status) status = dnnl_stream_wait(stream);
  for (int i = 0; i < count; i++) dnnl_memory_destroy(arguments[i].memory);
  mole_layout_free(&scratch_layout);
  return status;
}

static inline dnnl_engine_t mole_dnnl_engine(void) {
  dnnl_engine_t engine = NULL;
  return dnnl_engine_create(&engine, dnnl_cpu, 0) == dnnl_success ? engine : NULL;
}

static inline dnnl_stream_t mole_dnnl_stream(dnnl_engine_t engine) {
  dnnl_stream_t stream = NULL;
  return dnnl_stream_create(&stream, engine, dnnl_stream_default_flags) == dnnl_success ? stream
                                                                                        : NULL;
}

#endif

/* The plan of buckets. A sorted sample is cut into parts of equal size on a table of cells; a cell with more than one
 * part's worth of the sample is divided by a table of its own, and a single value with that much has its own bucket.
 * So narrow clusters, wide tails and heavy values all get buckets of the size wanted. */
#include "num/buckets_priv.h"

enum {
  SAMPLE = 1 << 15,
  FEWEST = 32, /* of the sample for a bucket */
  ROOT_BITS = 14,
  NODE_BITS = 12,
  NODES = 2048,
  CELLS = (1 << ROOT_BITS) + 8 * SAMPLE,
  DEPTH = 8
};

static uint32_t bit_length(uint64_t v)
{
  uint32_t n = 0;
  for (uint32_t step = 32; step > 0; step >>= 1)
    if (v >> step != 0) {
      v >>= step;
      n += step;
    }
  return n + (v != 0);
}

typedef struct memory {
  fm__plan_node nodes[NODES];
  uint8_t pure[FM__BUCKETS];
  uint64_t sample[2 * SAMPLE];
  uint16_t cells[CELLS];
} memory;

typedef struct growing {
  fm__plan *plan;
  memory *m;
  size_t n_nodes, n_cells;
  size_t wanted, seen; /* of the sample: for a bucket; in the last bucket so far */
} growing;

static void next_bucket(growing *g)
{
  if (g->plan->n_buckets < FM__BUCKETS) {
    g->plan->n_buckets++;
    g->seen = 0;
  }
}

/* Room for a node of sample[from .. to). */
static fm__plan_node *add_node(growing *g, size_t from, size_t to, size_t trim, uint32_t most_bits)
{
  uint64_t least = g->m->sample[from + trim], most = g->m->sample[to - 1 - trim];
  uint32_t bits = bit_length(to - from) + 1, length = bit_length(most - least);
  bits = bits < most_bits ? bits : most_bits;
  if (g->n_nodes == NODES || CELLS - g->n_cells < ((size_t)1 << bits) + 3)
    return NULL;
  fm__plan_node *node = &g->m->nodes[g->n_nodes++];
  *node = (fm__plan_node){.least = least, .shift = length > bits ? length - bits : 0, .cell = (uint32_t)g->n_cells};
  node->last = (most - least) >> node->shift;
  if (g->m->sample[from] == g->m->sample[to - 1]) /* below, the value, above */
    *node = (fm__plan_node){.least = least - 1, .last = 2, .cell = node->cell};
  g->n_cells += (size_t)node->last + 1;
  return node;
}

static void fill_heavy(growing *g, const fm__plan_node *node)
{
  uint16_t *cell = g->m->cells + node->cell;
  cell[0] = (uint16_t)(g->plan->n_buckets - 1);
  next_bucket(g);
  cell[1] = (uint16_t)(g->plan->n_buckets - 1);
  next_bucket(g);
  cell[2] = (uint16_t)(g->plan->n_buckets - 1);
  g->m->pure[cell[1]] = cell[1] > cell[0] && cell[2] > cell[1];
}

static void fill(growing *g, const fm__plan_node *node, size_t from, size_t to, int32_t depth)
{
  uint16_t *cells = g->m->cells + node->cell;
  size_t at = from;
  for (uint64_t k = 0; k <= node->last; k++) {
    size_t before = at;
    while (at < to &&
           (k == node->last || g->m->sample[at] <= node->least || (g->m->sample[at] - node->least) >> node->shift <= k))
      at++;
    if (at - before > g->wanted && depth < DEPTH) {
      fm__plan_node *inner = add_node(g, before, at, 0, NODE_BITS);
      if (inner != NULL) {
        cells[k] = (uint16_t)(FM__PLAN_NODE + (inner - g->m->nodes));
        if (g->m->sample[before] == g->m->sample[at - 1])
          fill_heavy(g, inner);
        else
          fill(g, inner, before, at, depth + 1);
        continue;
      }
    }
    if (g->seen > 0 && g->seen + (at - before) > g->wanted)
      next_bucket(g);
    g->seen += at - before;
    cells[k] = (uint16_t)(g->plan->n_buckets - 1);
  }
}

static uint64_t key_at(const void *x, size_t stride, size_t i)
{
  double v;
  memcpy(&v, (const unsigned char *)x + i * stride, sizeof v);
  return fm__key_of(v + 0.0);
}

fm_status fm__plan_create(fm__plan *p, const void *x, size_t stride, size_t n, fm_error *err)
{
  static const fm__plan_node all = {.last = 0};
  static const uint16_t first = 0;
  static const uint8_t impure = 0;
  *p = (fm__plan){.n_buckets = 1, .nodes = &all, .cells = &first, .pure = &impure};
  if (n <= FM__BUCKET_ROWS + FM__BUCKET_ROWS / 2)
    return FM_OK;
  memory *m = fm__alloc(sizeof *m);
  if (m == NULL)
    return fm__no_memory(err);
  *p = (fm__plan){.n_buckets = 1, .nodes = m->nodes, .cells = m->cells, .pure = m->pure, .owned = m};
  memset(m->pure, 0, sizeof m->pure);
  size_t taken = n / 16 < SAMPLE ? n / 16 : SAMPLE, step = n / taken, wanted = taken * FM__BUCKET_ROWS / n;
  for (size_t i = 0; i < taken; i++)
    m->sample[i] = key_at(x, stride, i * step + i * 7919 % step);
  fm__sort_u64(m->sample, m->sample + SAMPLE, taken);
  growing g = {.plan = p, .m = m, .wanted = wanted > FEWEST ? wanted : FEWEST};
  size_t trim = taken / 512; /* extreme values do not stretch the cells */
  fm__plan_node *root = add_node(&g, 0, taken, trim, ROOT_BITS);
  if (m->sample[0] == m->sample[taken - 1])
    fill_heavy(&g, root);
  else
    fill(&g, root, 0, taken, 0);
  return FM_OK;
}

void fm__plan_free(fm__plan *p)
{
  fm__free(p->owned);
  *p = (fm__plan){0};
}

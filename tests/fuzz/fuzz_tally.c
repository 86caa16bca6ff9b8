/* Any bytes as the saved state of a tally, behind a head that is right. The first byte chooses the measure, the
 * second its groups, weights and options. Promised: a
 * damaged state is refused; what loads gives a result, saves, and loads again as the same bytes. */
#include "fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base_priv.h"
#include "flexmetrics.h"

const char fm_fuzz_corpus[] = "tally";

static void must(int condition)
{
  if (!condition)
    abort();
}

/* Options of the measures that need some, or keep more with them: by what the two highest bits choose. */
static const struct {
  const char *id, *options[4];
} options[] = {
    {"income.distribution",
     {"domain=in;imputed=in;top_coded=in;measures=mean,gini,at_risk_of_poverty(0.6)", "se=none",
      "se=bootstrap;n_replicates=5", "bounded=yes"}},
    {"income.change", {"measures=growth_premium,gini", "overlap=persons", "overlap=units", "line=2;measures=fgt(1)"}},
    {"income.incidence",
     {"n_points=3", "n_points=3;panel=yes", "curve_only=yes;n_points=2;overlap=units", "line=2;n_points=2"}},
    {"income.mobility", {"n_classes=2", "covariates=a0", "attrition=a0;n_classes=2", "longitudinal=a0"}},
    {"income.gap", {"", "measures=fgt(1)", "se=bootstrap;n_replicates=5", "measures=gini"}},
    {"income.decomposition", {"", "measures=gini", "se=none", "measures=ge(2)"}},
    {"income.dominance",
     {"n_points=3", "n_points=3;curve=tip", "n_points=2;curve=generalised_lorenz", "n_points=2;se=none"}},
};
static const char groups[] = "group=c;reference=f;compared=m",
                  design[] = "strata=stratum;psu=psu;fpc=fpc;lonely=remove",
                  replicates[] = "replicates=a0:a1;replicate_kind=brr";

static const char *options_of(char *text, size_t size, const char *id, uint8_t choice)
{
  const char *own = NULL;
  for (size_t i = 0; i < FM__COUNT(options); i++)
    if (strcmp(options[i].id, id) == 0)
      own = options[i].options[choice >> 6];
  if (own == NULL)
    return NULL;
  bool two = strcmp(id, "income.gap") == 0 || strcmp(id, "income.dominance") == 0;
  bool plain = strstr(own, "bounded") != NULL || strstr(own, "persons") != NULL;
  bool given = (choice >> 6) == 2 && strstr(own, "se=") == NULL;
  snprintf(text, size, "%s;%s;%s", own,
           two                                   ? groups
           : strstr(id, "decomposition") != NULL ? "group=c"
                                                 : "",
           plain   ? ""
           : given ? replicates
                   : design);
  return text;
}

static fm_tally *create(uint8_t measure, uint8_t choice)
{
  fm_tally *t = NULL;
  fm_compute_spec spec;
  char text[256];
  fm_compute_spec_init(&spec, sizeof spec);
  const char *id = fm_catalogue_id(measure % fm_catalogue_n());
  spec.by = choice & 8 && strcmp(id, "target.track") != 0 ? "a,b" : NULL;
  spec.weight = choice & 16 && ((id[0] == 'r' && strcmp(id, "retention.gray") != 0) ||
                                options_of(text, sizeof text, id, choice) != NULL)
                    ? "weight"
                    : NULL;
  spec.options = options_of(text, sizeof text, id, choice);
  spec.as_of = 20000;
  must(fm_catalogue_tally(&t, id, &spec, NULL) == FM_OK);
  return t;
}

/* The head of an empty tally's bytes, its length and check sum written anew for `state`. */
static void frame(fm__bytes *out, const fm_tally *t, const uint8_t *state, size_t size)
{
  void *bytes;
  size_t n, length;
  must(fm_tally_save(&bytes, &n, t, NULL) == FM_OK);
  fm__reader r = {.data = bytes, .size = n};
  fm__read_raw(&r, 8);
  fm__read_text(&r, &length);
  fm__read_u32(&r);
  fm__read_text(&r, &length);
  fm__bytes_raw(out, bytes, r.at);
  fm__hash128 hash = fm__hash(state, size);
  fm__bytes_u64(out, size);
  fm__bytes_u64(out, hash.low);
  fm__bytes_u64(out, hash.high);
  fm__bytes_raw(out, state, size);
  fm_free(bytes);
  must(!out->failed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  if (size < 2)
    return 0;
  fm_tally *t = create(data[0], data[1]), *again = create(data[0], data[1]);
  fm__bytes framed = {0};
  frame(&framed, t, data + 2, size - 2);
  fm_status status = fm_tally_load(t, framed.data, framed.size, NULL);
  must(status == FM_OK || status == FM_ERR_FORMAT || status == FM_ERR_MEMORY);
  if (status == FM_OK) {
    void *first, *second;
    size_t n_first, n_second;
    fm_table *out = NULL;
    status = fm_tally_result(&out, t, NULL, NULL);
    must((status == FM_OK) == (out != NULL));
    must(fm_tally_save(&first, &n_first, t, NULL) == FM_OK);
    must(fm_tally_load(again, first, n_first, NULL) == FM_OK);
    must(fm_tally_save(&second, &n_second, again, NULL) == FM_OK);
    must(n_first == n_second && memcmp(first, second, n_first) == 0);
    fm_free(first);
    fm_free(second);
    fm_table_destroy(out);
  }
  fm__bytes_free(&framed);
  fm_tally_destroy(t);
  fm_tally_destroy(again);
  return 0;
}

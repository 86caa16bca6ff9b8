/* A fuzz target: with clang's fuzzer (-fsanitize=fuzzer) a program by itself, with replay.c a test of a fixed corpus.
 *
 *   clang -g -O1 -fsanitize=fuzzer,address,undefined -Iinclude -Ilib -Itests -Ibuild/include -o fuzz \
 *     tests/fuzz/fuzz_csv.c build-fuzz/lib/libflexmetrics.a -lm && ./fuzz tests/fuzz/corpus/csv
 *
 * where build-fuzz is configured with CC=clang -Dc_args=-fsanitize=fuzzer-no-link,address,undefined. What it finds goes
 * into the corpus. */
#ifndef FM_TESTS_FUZZ_H
#define FM_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Folder of the target's corpus below tests/fuzz/corpus. */
extern const char fm_fuzz_corpus[];
/* Inputs so far that were good: of a corpus of what is good, each one as it is. */
extern size_t fm_fuzz_n_good;

/* Does something with the bytes; aborts when a promise of the library is broken. Always 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif

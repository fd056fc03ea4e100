/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a fuzzer here defines: it returns 0, and aborts when something is wrong. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif

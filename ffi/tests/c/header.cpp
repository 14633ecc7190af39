#include "countersign.h"
#include "countersign.h"

static_assert(sizeof(cs_result) == 4, "results are 32 bits wide");

cs_slice example() { return CS_TEXT("text"); }
cs_slice other(const cs_buf &buf) { return cs_buf_bytes(&buf); }

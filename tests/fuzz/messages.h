// Protobuf messages out of fuzz inputs.
#ifndef IRQD_TESTS_FUZZ_MESSAGES_H_
#define IRQD_TESTS_FUZZ_MESSAGES_H_

#include <google/protobuf/message.h>

#include "tests/fuzz/input.h"

namespace irqd {

// Fills `*message` as a connection could bring it: from any bytes that parse, or field by field
// with values that often mean something. False: the bytes do not parse.
bool TakeMessage(FuzzInput* input, google::protobuf::Message* message);

}  // namespace irqd

#endif  // IRQD_TESTS_FUZZ_MESSAGES_H_

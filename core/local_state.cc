#include "core/local_state.h"

namespace irqd {

const LocalPayload kNoPayload;

}  // namespace irqd

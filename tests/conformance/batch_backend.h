// irqd.v1.Batch on a server: batches of one element instead of the single calls, to show that each
// element does what the single call does. All injections of a back end go down one stream.
#ifndef IRQD_TESTS_CONFORMANCE_BATCH_BACKEND_H_
#define IRQD_TESTS_CONFORMANCE_BATCH_BACKEND_H_

#include <memory>
#include <string>

#include "client/vectors/backend.h"

namespace irqd {

// `target` as Connect takes it.
std::unique_ptr<Backend> MakeBatchBackend(const std::string& target);

}  // namespace irqd

#endif  // IRQD_TESTS_CONFORMANCE_BATCH_BACKEND_H_

// The file that tells others that a server serves, and where.
#ifndef IRQD_SERVER_READY_FILE_H_
#define IRQD_SERVER_READY_FILE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"

namespace irqd {

// Writes one address a line. Whoever sees `path` sees all of it: it is renamed into place.
//   INTERNAL  the file cannot be written; the message names it and says why
absl::Status WriteReadyFile(const std::string& path, const std::vector<std::string>& addresses);

}  // namespace irqd

#endif  // IRQD_SERVER_READY_FILE_H_

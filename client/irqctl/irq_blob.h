// A list of records as the ioctls hold it in memory, raw or as hex digits.
// Safe to use from any thread.
#ifndef IRQD_CLIENT_IRQCTL_IRQ_BLOB_H_
#define IRQD_CLIENT_IRQCTL_IRQ_BLOB_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "client/irq_images.h"
#include "core/kvm_s390.h"

namespace irqd::irqctl {

enum class BlobFormat { kRaw, kHex };

// What `content` is: hex if all of it is printable ASCII, else raw. A raw list is never all
// printable: the kernel's types begin with zero bytes.
BlobFormat DetectBlobFormat(absl::string_view content);

// The bytes that `content` stands for, in the given format or the detected one. Space and line
// ends between hex digits do not count.
//   INVALID_ARGUMENT  hex: a character is no hex digit, or the number of digits is odd
absl::StatusOr<std::string> ReadBlob(absl::string_view content,
                                     absl::optional<BlobFormat> format = absl::nullopt);

// Hex digits, a record a line.
std::string BlobToHex(absl::string_view bytes);

// The records of a list of big-endian images; EncodeIrqs of irq_images.h is the inverse.
//   INVALID_ARGUMENT  the size is no multiple of kIrqSize
absl::StatusOr<std::vector<kvm_s390_irq>> DecodeIrqs(absl::string_view bytes);

}  // namespace irqd::irqctl

#endif  // IRQD_CLIENT_IRQCTL_IRQ_BLOB_H_

// Lists of records, and the images that s390x memory holds of them.
#ifndef IRQD_CLIENT_IRQ_IMAGES_H_
#define IRQD_CLIENT_IRQ_IMAGES_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "core/kvm_s390.h"

namespace irqd {

std::string EncodeIrqs(absl::Span<const kvm_s390_irq> irqs);
// `images` holds whole ones.
std::vector<kvm_s390_irq> DecodeIrqs(absl::string_view images);

// The same in place: each whole record of `*list` becomes its image, or the other way round.
void EncodeInPlace(std::string* list);
void DecodeInPlace(std::string* list);

}  // namespace irqd

#endif  // IRQD_CLIENT_IRQ_IMAGES_H_

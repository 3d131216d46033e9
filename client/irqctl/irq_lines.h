// Records with the vCPU that each is for, a line each: "VCPU RECORD". RECORD is the image's 144 hex
// digits, or words as irq_text.h has them: "3 INT_EMERGENCY code=1". Lines that are empty or begin
// with '#' do not count. Safe to use from any thread.
#ifndef IRQD_CLIENT_IRQCTL_IRQ_LINES_H_
#define IRQD_CLIENT_IRQCTL_IRQ_LINES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace irqd::irqctl {

struct IrqLine {
  size_t number = 0;  // from 1
  uint32_t vcpu_id = 0;
  std::string image;
};

//   INVALID_ARGUMENT  "line 7: ..."
absl::StatusOr<std::vector<IrqLine>> ParseIrqLines(absl::string_view text);

// Lines of hex digits for whole images of one vCPU.
std::string FormatIrqLines(uint32_t vcpu_id, absl::string_view images);

}  // namespace irqd::irqctl

#endif  // IRQD_CLIENT_IRQCTL_IRQ_LINES_H_

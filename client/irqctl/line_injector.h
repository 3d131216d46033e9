// Sends lines of records down a stream, and counts what the kernel says to them.
#ifndef IRQD_CLIENT_IRQCTL_LINE_INJECTOR_H_
#define IRQD_CLIENT_IRQCTL_LINE_INJECTOR_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "client/inject_stream.h"
#include "client/irqctl/irq_lines.h"

namespace irqd::irqctl {

// Belongs to one thread.
class LineInjector {
 public:
  // `stream` and `lines` outlive this. `batch` lines, 1 to kMaxStreamRecords, go into a message.
  LineInjector(InjectStream* stream, uint64_t vm_id, const std::vector<IrqLine>& lines,
               size_t batch);

  // Sends all lines, `repeat` times, and finishes the stream. Its status, or
  //   INTERNAL  the answers are not those of these lines
  absl::Status Run(uint64_t repeat);

  uint64_t injected() const { return injected_; }
  // How often each errno came.
  const std::map<int32_t, uint64_t>& refused() const { return refused_; }
  // Null if none was.
  const IrqLine* first_refused() const { return first_refused_; }
  int32_t first_errno() const { return first_errno_; }

 private:
  size_t EndOf(size_t begin) const;
  bool SendAll(uint64_t repeat);
  bool Send(size_t begin);
  bool Receive();
  void Count(const IrqLine& line, int32_t ret);

  InjectStream& stream_;
  const uint64_t vm_id_;
  const std::vector<IrqLine>& lines_;
  const size_t batch_;
  uint64_t written_ = 0;  // messages
  uint64_t read_ = 0;
  size_t read_begin_ = 0;  // of the next message to be read, in lines_
  std::vector<uint32_t> vcpu_ids_;
  std::string records_;
  std::vector<int32_t> ret_;
  uint64_t injected_ = 0;
  std::map<int32_t, uint64_t> refused_;
  const IrqLine* first_refused_ = nullptr;
  int32_t first_errno_ = 0;
};

}  // namespace irqd::irqctl

#endif  // IRQD_CLIENT_IRQCTL_LINE_INJECTOR_H_

#include "client/irqctl/line_injector.h"

#include <algorithm>

namespace irqd::irqctl {
namespace {

// Messages on the way, so that nobody waits for one's way there and back.
constexpr size_t kMessagesUnderWay = 16;

}  // namespace

LineInjector::LineInjector(InjectStream* stream, uint64_t vm_id, const std::vector<IrqLine>& lines,
                           size_t batch)
    : stream_(*stream), vm_id_(vm_id), lines_(lines), batch_(batch) {}

absl::Status LineInjector::Run(uint64_t repeat) {
  const bool done = SendAll(repeat);
  const absl::Status status = stream_.Finish();
  if (!done && status.ok()) {
    return absl::InternalError("the server's answers are not those of the records sent");
  }
  return status;
}

size_t LineInjector::EndOf(size_t begin) const { return std::min(begin + batch_, lines_.size()); }

bool LineInjector::SendAll(uint64_t repeat) {
  for (; repeat > 0; --repeat) {
    for (size_t begin = 0; begin < lines_.size(); begin = EndOf(begin)) {
      if (written_ - read_ == kMessagesUnderWay && !Receive()) return false;
      if (!Send(begin)) return false;
    }
  }
  while (read_ < written_) {
    if (!Receive()) return false;
  }
  return true;
}

bool LineInjector::Send(size_t begin) {
  vcpu_ids_.clear();
  records_.clear();
  for (size_t i = begin; i < EndOf(begin); ++i) {
    vcpu_ids_.push_back(lines_[i].vcpu_id);
    records_ += lines_[i].image;
  }
  ++written_;
  return stream_.Write(vm_id_, vcpu_ids_, records_);
}

bool LineInjector::Receive() {
  const size_t begin = read_begin_;
  const size_t end = EndOf(begin);
  if (!stream_.Read(&ret_) || ret_.size() != end - begin) return false;
  for (size_t i = begin; i < end; ++i) Count(lines_[i], ret_[i - begin]);
  ++read_;
  read_begin_ = end == lines_.size() ? 0 : end;
  return true;
}

void LineInjector::Count(const IrqLine& line, int32_t ret) {
  if (ret >= 0) {
    ++injected_;
    return;
  }
  if (refused_.empty()) {
    first_refused_ = &line;
    first_errno_ = ret;
  }
  ++refused_[ret];
}

}  // namespace irqd::irqctl

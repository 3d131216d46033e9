#include "client/irqctl/mp_state.h"

#include <limits>

#include "absl/strings/str_cat.h"
#include "client/irqctl/numbers.h"
#include "core/kvm_s390.h"

namespace irqd::irqctl {
namespace {

struct Name {
  uint32_t mp_state;
  absl::string_view name;
};
constexpr Name kNames[] = {
    {KVM_MP_STATE_STOPPED, "stopped"},
    {KVM_MP_STATE_OPERATING, "operating"},
};

}  // namespace

std::string FormatMpState(uint32_t mp_state) {
  for (const Name& name : kNames) {
    if (name.mp_state == mp_state) return std::string(name.name);
  }
  return absl::StrCat(mp_state);
}

absl::optional<uint32_t> ParseMpState(absl::string_view text) {
  for (const Name& name : kNames) {
    if (name.name == text) return name.mp_state;
  }
  const absl::optional<uint64_t> number = ParseNumber(text, std::numeric_limits<uint32_t>::max());
  if (!number) return absl::nullopt;
  return static_cast<uint32_t>(*number);
}

}  // namespace irqd::irqctl

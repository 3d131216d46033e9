#include "client/irqctl/pending.h"

#include "absl/strings/str_cat.h"
#include "client/irqctl/irq_fields.h"
#include "client/irqctl/numbers.h"
#include "client/irqctl/text_table.h"
#include "core/irq_layout.h"
#include "core/kvm_s390.h"

namespace irqd::irqctl {
namespace {

struct HeldByName {
  HeldBy held_by;
  const char* name;
  absl::string_view description;
};
constexpr HeldByName kHeldByNames[] = {
    {HeldBy::kNothing, "NOTHING", "-"},
    {HeldBy::kPswExternal, "PSW_EXTERNAL", "PSW bit 7 (external)"},
    {HeldBy::kPswIo, "PSW_IO", "PSW bit 6 (I/O)"},
    {HeldBy::kPswMachineCheck, "PSW_MACHINE_CHECK", "PSW bit 13 (machine check)"},
    {HeldBy::kCr0EmergencySignal, "CR0_EMERGENCY_SIGNAL", "CR0 bit 49 (emergency signal)"},
    {HeldBy::kCr0ExternalCall, "CR0_EXTERNAL_CALL", "CR0 bit 50 (external call)"},
    {HeldBy::kCr0ClockComparator, "CR0_CLOCK_COMPARATOR", "CR0 bit 52 (clock comparator)"},
    {HeldBy::kCr0CpuTimer, "CR0_CPU_TIMER", "CR0 bit 53 (CPU timer)"},
    {HeldBy::kCr0ServiceSignal, "CR0_SERVICE_SIGNAL", "CR0 bit 54 (service signal)"},
    {HeldBy::kCr6Isc, "CR6_ISC", ""},
    {HeldBy::kCr14Subclass, "CR14_SUBCLASS", "CR14 (none of the check's subclasses)"},
    {HeldBy::kTimerNotReached, "TIMER_NOT_REACHED", "the clock: the next delivery drops it"},
    {HeldBy::kStopIntercept, "STOP_INTERCEPT", "nothing delivers it: see stop-intercept"},
    {HeldBy::kSigpInterpretation, "SIGP_INTERPRETATION", "the machine delivers it, not the kernel"},
};

const HeldByName& NameOf(HeldBy held_by) {
  for (const HeldByName& name : kHeldByNames) {
    if (name.held_by == held_by) return name;
  }
  static constexpr HeldByName kUnknown = {HeldBy::kNothing, "HELD_BY_UNSPECIFIED", "?"};
  return kUnknown;
}

bool IsIo(uint64_t type) { return type <= KVM_S390_INT_IO_MAX; }

// All I/O of an ISC is one kind, whatever the types of its records.
std::string TypeName(const PendingIrq& irq) {
  return IsIo(irq.type) ? "INT_IO" : FormatIrqType(irq.type);
}

}  // namespace

std::string DescribeHeldBy(const PendingIrq& irq) {
  if (irq.held_by == HeldBy::kCr6Isc) {
    return absl::StrCat("CR6 bit ", 32 + irq.isc, " (ISC ", irq.isc, ")");
  }
  return std::string(NameOf(irq.held_by).description);
}

std::string PendingTable(absl::Span<const PendingIrq> pending) {
  if (pending.empty()) return "nothing pending\n";
  TextTable table({{"TYPE"}, {"ISC"}, {"COUNT", /*align_right=*/true}, {"HELD BY"}});
  for (const PendingIrq& irq : pending) {
    table.AddRow({TypeName(irq), IsIo(irq.type) ? absl::StrCat(irq.isc) : "-",
                  FormatCount(irq.count), DescribeHeldBy(irq)});
  }
  return table.Format();
}

Json PendingToJson(absl::Span<const PendingIrq> pending) {
  Json json = Json::array();
  for (const PendingIrq& irq : pending) {
    Json entry;
    entry["type"] = FormatHex(irq.type);
    const absl::optional<absl::string_view> name = IrqTypeName(irq.type);
    entry["name"] = name ? Json(std::string(*name)) : Json(nullptr);
    if (IsIo(irq.type)) entry["isc"] = irq.isc;
    entry["count"] = irq.count;
    entry["held_by"] = NameOf(irq.held_by).name;
    json.push_back(std::move(entry));
  }
  return json;
}

}  // namespace irqd::irqctl

// SIGNAL PROCESSOR, an order each: condition code, status, and the whole state afterwards.
#include "core/sigp.h"

#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "tests/core/irq_samples.h"
#include "tests/core/local_states.h"

namespace irqd {
namespace {

struct OrderCase {
  std::string name;
  LocalState before;
  uint8_t order;
  uint32_t parameter;
  int condition_code;
  uint32_t status;
  LocalState after;
};
void PrintTo(const OrderCase& order, std::ostream* out) { *out << order.name; }
class SigpTest : public testing::TestWithParam<OrderCase> {};

OrderCase Accepted(std::string name, LocalState before, SigpOrder order, LocalState after,
                   uint32_t parameter = 0) {
  return {std::move(name), before, static_cast<uint8_t>(order), parameter, 0, 0, after};
}
OrderCase Refused(std::string name, LocalState state, int order, int condition_code,
                  uint32_t status) {
  return {std::move(name), state, static_cast<uint8_t>(order), 0, condition_code, status, state};
}

void HasStop(LocalState& state) { state.Set(LocalIrq::kSigpStop); }
void HasRestart(LocalState& state) { state.Set(LocalIrq::kRestart); }
Change HasSetPrefix(uint32_t address) {
  return [=](LocalState& state) {
    state.Set(LocalIrq::kSetPrefix);
    state.payload.prefix.address = address;
  };
}
void HasRegisters(LocalState& state) {
  state.registers.psw_mask = ~uint64_t{0};
  state.registers.cr0 = 1;
}
void HasResetPsw(LocalState& state) {
  HasRegisters(state);
  state.registers.psw_mask &= ~(uint64_t{1} << (63 - 24));
}
void HasInitialRegisters(LocalState& state) { state.registers = InitialRegisters(); }

INSTANTIATE_TEST_SUITE_P(
    Orders, SigpTest,
    testing::Values(
        Accepted("SenseOfARunningVcpu", Running(), SigpOrder::kSense, Running()),
        Refused("SenseStopped", Stopped(), 1, 1, 0x040),
        Refused("SenseExternalCall", Running(HasCall(0)), 1, 1, 0x080),
        Refused("SenseBoth", Stopped(HasCall(0)), 1, 1, 0x0c0),
        Accepted("ExternalCall", Running(), SigpOrder::kExternalCall, Running(HasCall(3))),
        Accepted("ExternalCallToAStoppedVcpu", Stopped(), SigpOrder::kExternalCall,
                 Stopped(HasCall(3))),
        Refused("SecondExternalCall", Running(HasCall(0)), 2, 1, 0x080),
        Accepted("EmergencySignal", Running(HasEmergencies({0})), SigpOrder::kEmergencySignal,
                 Running(HasEmergencies({0, 3}))),
        Accepted("Start", Stopped(HasCall(0)), SigpOrder::kStart, Running(HasCall(0))),
        Accepted("Stop", Running(), SigpOrder::kStop, Running(HasStop)),
        Accepted("StopOfAStoppedVcpu", Stopped(), SigpOrder::kStop, Stopped()),
        Accepted("StopAndStoreStatus", Running(), SigpOrder::kStopAndStoreStatus,
                 Running(HasStoreStatusStop)),
        Accepted("Restart", Stopped(), SigpOrder::kRestart, Running(HasRestart)),
        Accepted("CpuReset", Running(HasRegisters), SigpOrder::kCpuReset, Stopped(HasResetPsw)),
        Accepted("CpuResetDespiteAStop", Running(HasStop), SigpOrder::kCpuReset, Stopped()),
        Accepted("InitialCpuReset", Running(HasRegisters), SigpOrder::kInitialCpuReset,
                 Stopped(HasInitialRegisters)),
        Accepted("InitialCpuResetDespiteARestart", Running(HasRestart), SigpOrder::kInitialCpuReset,
                 Stopped(HasInitialRegisters)),
        Accepted("SetPrefix", Stopped(), SigpOrder::kSetPrefix, Stopped(HasSetPrefix(0x7fffe000)),
                 0xffffffff),
        Refused("SetPrefixOfARunningVcpu", Running(), 13, 1, 0x200),
        Refused("OrderZero", Running(), 0, 1, 0x002), Refused("Order7", Running(), 7, 1, 0x002),
        Refused("Order10", Running(), 10, 1, 0x002), Refused("Order14", Running(), 14, 1, 0x002),
        Refused("Order255", Stopped(), 255, 1, 0x002)),
    [](const auto& info) { return info.param.name; });

TEST_P(SigpTest, Does) {
  for (const bool control : {false, true}) {
    LocalState state = GetParam().before;

    const SigpResult result =
        Sigp(GetParam().order, /*from=*/3, GetParam().parameter,
             LocalContext{Sigpif(false), Exists, /*user_controls_run_state=*/control}, &state);

    EXPECT_EQ(result.condition_code, GetParam().condition_code);
    EXPECT_EQ(result.status, GetParam().status);
    EXPECT_EQ(state, GetParam().after) << "whoever controls run states";
  }
}

TEST(SigpBusyTest, EveryOrderButResetsFindsAStopOrRestartBusy) {
  for (const LocalState& before : {Running(HasStop), Running(HasRestart), Stopped(HasRestart)}) {
    for (int order = 0; order < 256; ++order) {
      if (order == 11 || order == 12) continue;
      LocalState state = before;

      const SigpResult result =
          Sigp(static_cast<uint8_t>(order), 3, 0, LocalContext{Sigpif(true), Exists}, &state);

      EXPECT_EQ(result.condition_code, kSigpBusy) << order;
      EXPECT_EQ(result.status, 0u) << order;
      EXPECT_EQ(state, before) << order;
    }
  }
}

}  // namespace
}  // namespace irqd

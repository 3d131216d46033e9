// SIGNAL PROCESSOR orders: condition codes, status bits, and what the order leaves.
#include "core/sigp.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "tests/core/irq_samples.h"
#include "tests/core/local_states.h"

namespace irqd {
namespace {

constexpr uint32_t kFrom = 3;
constexpr uint32_t kParameter = 0xffffffff;

uint8_t CodeOf(SigpOrder order) { return static_cast<uint8_t>(order); }

struct Order {
  std::string name;
  uint8_t code;
  LocalState before;
  int condition_code;
  uint32_t status;
  LocalState after;
};
void PrintTo(const Order& order, std::ostream* out) { *out << order.name; }
std::string NameOf(const testing::TestParamInfo<Order>& info) { return info.param.name; }

class SigpTest : public testing::TestWithParam<Order> {
 protected:
  void Expect(const HostProfile& profile, bool user_controls_run_state) {
    LocalState state = GetParam().before;
    const LocalContext context{profile, Exists, user_controls_run_state};

    const SigpResult result = Sigp(GetParam().code, kFrom, kParameter, context, &state);

    EXPECT_EQ(result.condition_code, GetParam().condition_code);
    EXPECT_EQ(result.status, GetParam().status);
    EXPECT_EQ(state, GetParam().after);
  }
};

TEST_P(SigpTest, Holds) { Expect(Sigpif(false), false); }
// Where the call lies makes no difference to who gives orders.
TEST_P(SigpTest, HoldsWithSigpInterpretation) { Expect(Sigpif(true), false); }
// Nor does who controls run states: these are orders of the guest, which stop and start.
TEST_P(SigpTest, HoldsUnderUserControl) { Expect(Sigpif(false), true); }

Order Accepted(std::string name, SigpOrder order, const LocalState& before,
               const LocalState& after) {
  return {std::move(name), CodeOf(order), before, kSigpAccepted, 0, after};
}
Order Status(std::string name, uint8_t code, const LocalState& state, uint32_t status) {
  return {std::move(name), code, state, kSigpStatusStored, status, state};
}

INSTANTIATE_TEST_SUITE_P(
    Sense, SigpTest,
    testing::Values(Accepted("Running", SigpOrder::kSense, Running(), Running()),
                    Status("Stopped", 1, Stopped(), kSigpStopped),
                    Status("CallPending", 1, Running(HasCall(0)), kSigpExternalCallPending),
                    Status("StoppedWithACall", 1, Stopped(HasCall(0)),
                           kSigpStopped | kSigpExternalCallPending),
                    Accepted("OtherInterruptsDoNotShow", SigpOrder::kSense,
                             Running(HasEmergencies({0})), Running(HasEmergencies({0})))),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Signals, SigpTest,
    testing::Values(
        Accepted("ExternalCall", SigpOrder::kExternalCall, Running(), Running(HasCall(kFrom))),
        Accepted("ExternalCallToAStoppedOne", SigpOrder::kExternalCall, Stopped(),
                 Stopped(HasCall(kFrom))),
        Status("SecondExternalCall", 2, Running(HasCall(0)), kSigpExternalCallPending),
        Accepted("Emergency", SigpOrder::kEmergencySignal, Stopped(),
                 Stopped(HasEmergencies({kFrom}))),
        Accepted("SecondEmergencyOfTheSame", SigpOrder::kEmergencySignal,
                 Running(HasEmergencies({kFrom})), Running(HasEmergencies({kFrom}))),
        Accepted("EmergencyBesideAnother", SigpOrder::kEmergencySignal,
                 Running(HasEmergencies({200})), Running(HasEmergencies({kFrom, 200})))),
    NameOf);

void HasRoundedPrefix(LocalState& state) {
  state.Set(LocalIrq::kSetPrefix);
  state.payload.prefix.address = 0x7fffe000;
}
void HasStop(LocalState& state) { state.Set(LocalIrq::kSigpStop); }
void HasRestart(LocalState& state) { state.Set(LocalIrq::kRestart); }

INSTANTIATE_TEST_SUITE_P(
    RunState, SigpTest,
    testing::Values(Accepted("Start", SigpOrder::kStart, Stopped(), Running()),
                    Accepted("StartOfARunningOne", SigpOrder::kStart, Running(), Running()),
                    Accepted("StartKeepsWhatIsPending", SigpOrder::kStart,
                             Stopped(HasEmergencies({0})), Running(HasEmergencies({0}))),
                    Accepted("Stop", SigpOrder::kStop, Running(), Running(HasStop)),
                    Accepted("StopOfAStoppedOne", SigpOrder::kStop, Stopped(), Stopped()),
                    Accepted("StopAndStoreStatus", SigpOrder::kStopAndStoreStatus, Running(),
                             Running(HasStoreStatusStop)),
                    Accepted("StopAndStoreStatusOfAStoppedOne", SigpOrder::kStopAndStoreStatus,
                             Stopped(), Stopped()),
                    Accepted("Restart", SigpOrder::kRestart, Stopped(), Running(HasRestart)),
                    Accepted("RestartOfARunningOne", SigpOrder::kRestart, Running(),
                             Running(HasRestart)),
                    Accepted("SetPrefixRoundsItsParameter", SigpOrder::kSetPrefix, Stopped(),
                             Stopped(HasRoundedPrefix)),
                    Accepted("SetPrefixReplaces", SigpOrder::kSetPrefix, Stopped(HasPrefix),
                             Stopped(HasRoundedPrefix)),
                    Status("SetPrefixOfARunningOne", 13, Running(), kSigpIncorrectState)),
    NameOf);

void HasRegisters(LocalState& state) {
  state.registers.psw_mask = 0x0000018000000000;
  state.registers.cr0 = 0x4000;
  state.registers.prefix = 0x2000;
}
void HasResetRegisters(LocalState& state) {
  HasRegisters(state);
  state.registers.psw_mask = 0x0000010000000000;  // bit 24 is cleared
}
void HasInitialRegisters(LocalState& state) { state.registers = InitialRegisters(); }
void HasRegistersStopAndMchk(LocalState& state) {
  HasRegisters(state);
  HasStoreStatusStop(state);
  HasRestart(state);
  HoldsMcic(0x10, {})(state);
}

INSTANTIATE_TEST_SUITE_P(
    Resets, SigpTest,
    testing::Values(Accepted("CpuReset", SigpOrder::kCpuReset, Running(HasRegisters),
                             Stopped(HasResetRegisters)),
                    Accepted("InitialCpuReset", SigpOrder::kInitialCpuReset, Running(HasRegisters),
                             Stopped(HasInitialRegisters)),
                    Accepted("CpuResetIsNeverBusy", SigpOrder::kCpuReset,
                             Running(HasRegistersStopAndMchk), Stopped(HasResetRegisters)),
                    Accepted("InitialCpuResetIsNeverBusy", SigpOrder::kInitialCpuReset,
                             Running(HasRegistersStopAndMchk), Stopped(HasInitialRegisters))),
    NameOf);

// All other orders wait for a stop or a restart, before anything else is looked at.
std::vector<Order> BusyOrders() {
  std::vector<Order> orders;
  for (int code = 0; code < 256; ++code) {
    if (code == 11 || code == 12) continue;
    const std::string name = "Order" + std::to_string(code);
    const auto byte = static_cast<uint8_t>(code);
    orders.push_back(
        {name + "BehindAStop", byte, Running(HasStop), kSigpBusy, 0, Running(HasStop)});
    orders.push_back(
        {name + "BehindARestart", byte, Stopped(HasRestart), kSigpBusy, 0, Stopped(HasRestart)});
  }
  return orders;
}
INSTANTIATE_TEST_SUITE_P(Busy, SigpTest, testing::ValuesIn(BusyOrders()), NameOf);

std::vector<Order> UnknownOrders() {
  std::vector<Order> orders;
  for (int code = 0; code < 256; ++code) {
    const bool known = (code >= 1 && code <= 6) || code == 9 || (code >= 11 && code <= 13);
    if (known) continue;
    orders.push_back(Status("Order" + std::to_string(code), static_cast<uint8_t>(code),
                            Running(HasCall(0)), kSigpInvalidOrder));
  }
  return orders;
}
INSTANTIATE_TEST_SUITE_P(Unknown, SigpTest, testing::ValuesIn(UnknownOrders()), NameOf);

}  // namespace
}  // namespace irqd

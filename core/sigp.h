// SIGNAL PROCESSOR orders from one vCPU to another, as functions over values.
//
// What the kernel does itself it does so here. Start, restart and the resets it leaves to
// userspace; they do what the architecture says.
//
// Source: arch/s390/kvm/sigp.c of Linux 6.1; z/Architecture Principles of Operation, chapter 4,
// "Signal-Processor Orders".
#ifndef IRQD_CORE_SIGP_H_
#define IRQD_CORE_SIGP_H_

#include <cstdint>

#include "core/local_irq.h"
#include "core/local_state.h"

namespace irqd {

// The architecture's order codes.
enum class SigpOrder : uint8_t {
  kSense = 1,
  kExternalCall = 2,
  kEmergencySignal = 3,
  kStart = 4,
  kStop = 5,
  kRestart = 6,
  kStopAndStoreStatus = 9,
  kInitialCpuReset = 11,
  kCpuReset = 12,
  kSetPrefix = 13,
};

// Condition codes.
inline constexpr int kSigpAccepted = 0;
inline constexpr int kSigpStatusStored = 1;
inline constexpr int kSigpBusy = 2;
inline constexpr int kSigpNotOperational = 3;

// Status bits, with kSigpStatusStored.
inline constexpr uint32_t kSigpInvalidOrder = 0x002;
inline constexpr uint32_t kSigpStopped = 0x040;
inline constexpr uint32_t kSigpExternalCallPending = 0x080;
inline constexpr uint32_t kSigpInvalidParameter = 0x100;
inline constexpr uint32_t kSigpIncorrectState = 0x200;

struct SigpResult {
  int condition_code = kSigpAccepted;
  uint32_t status = 0;  // 0 unless condition_code is kSigpStatusStored
};

// Vcpu `from` gives `order` to the vCPU in state `*to`. `order_code` may be any number; `parameter`
// is looked at by set-prefix only: an absolute address, of which bits 1 to 18 count. Checked in
// this order:
//   kSigpBusy          a stop or a restart is pending, but for the two resets
//   kSigpStatusStored  kSigpInvalidOrder: an order that is none of SigpOrder
//                      sense: kSigpExternalCallPending and kSigpStopped, if so
//                      external call: kSigpExternalCallPending: one is pending already
//                      set-prefix: kSigpIncorrectState: the vCPU is not stopped
// A vCPU that does not exist is kSigpNotOperational; that is for the caller to see.
SigpResult Sigp(uint8_t order_code, uint32_t from, uint32_t parameter, const LocalContext& context,
                LocalState* to);

}  // namespace irqd

#endif  // IRQD_CORE_SIGP_H_

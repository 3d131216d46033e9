// A call on a VM of a few vCPUs as data: to be made on a real VM (vm_call_runner.h), applied to a
// value (vm_model.h), and told to whoever reads a failure.
#ifndef IRQD_TESTS_CORE_CONCURRENCY_VM_CALL_H_
#define IRQD_TESTS_CORE_CONCURRENCY_VM_CALL_H_

#include <cstdint>
#include <string>
#include <vector>

#include "core/delivery.h"
#include "core/kvm_s390.h"
#include "core/local_state.h"
#include "core/registers_update.h"
#include "core/sigp.h"

namespace irqd {

// Which vCPU ids calls may name, and the VM may have.
inline constexpr uint32_t kModelVcpus = 4;

enum class VmCallKind {
  // On a vCPU. None of these waits for anybody.
  kS390Irq,        // irq
  kS390Interrupt,  // interrupt
  kGetIrqState,    // number: len
  kSetIrqState,    // irqs
  kReset,          // number: ResetKind
  kSetMpState,     // number
  kGetMpState,
  kGetRegisters,
  kSetRegisters,  // registers
  kSigp,          // number: order code, from, parameter 0x3000
  // On the VM. Nor do these.
  kFindVcpu,
  kVcpuIds,
  // These must not overlap each other.
  kCreateVcpu,
  // Waits for others of its kind.
  kSnapshot,
  // These take the VM's mutex for floating interrupts.
  kDeliver,  // number: at most so many
  kGetDeliverable,
  kStopIntercept,
  kInjectFloat,  // interrupt
  kGetAllFloating,
  kClearFloating,
  kFloatingPending,
  kSetNewPsws,  // number: all masks
};

struct VmCall {
  VmCallKind kind = VmCallKind::kGetIrqState;
  uint32_t vcpu = 0;
  uint64_t number = 0;
  uint32_t from = 0;
  std::vector<kvm_s390_irq> irqs;  // the one, or the list
  kvm_s390_interrupt interrupt = {};
  VcpuRegistersUpdate registers;
};

inline constexpr uint32_t kSigpParameter = 0x3000;

bool TakesFloatingMutex(VmCallKind kind);

// What a call said, bytes included.
struct VmAnswer {
  int64_t ret = 0;
  std::string bytes;

  friend bool operator==(const VmAnswer& a, const VmAnswer& b) {
    return a.ret == b.ret && a.bytes == b.bytes;
  }
};
// For a vCPU that is not there.
inline constexpr int64_t kNoSuchVcpu = -1000;

VmAnswer AnswerOf(const DeliverResult& result);
VmAnswer AnswerOf(const Deliverable& deliverable);
VmAnswer AnswerOf(const SigpResult& result);
VmAnswer AnswerOf(const VcpuRegisters& registers);
VmAnswer AnswerOf(const std::vector<uint32_t>& ids);
// Of a vCPU that a snapshot visits.
void AddToAnswer(uint32_t id, const LocalState& state, VmAnswer* answer);

// "vCPU 1 S390_IRQ 1201:3", short enough for a line.
std::string ToString(const VmCall& call);
std::string ToString(const VmAnswer& answer);

// Short forms for tests.
VmCall InjectCall(const kvm_s390_irq& irq, uint32_t vcpu = 0);
VmCall SetCall(std::vector<kvm_s390_irq> irqs, uint32_t vcpu = 0);
VmCall VcpuCall(VmCallKind kind, uint64_t number = 0, uint32_t vcpu = 0);
VmCall SigpCall(SigpOrder order, uint32_t from, uint32_t vcpu = 0);
VmCall InterruptCall(const kvm_s390_interrupt& interrupt, uint32_t vcpu = 0);
VmCall FloatCall(const kvm_s390_interrupt& interrupt);
VmCall RegistersCall(const VcpuRegistersUpdate& update, uint32_t vcpu = 0);
// GET with room for everything.
VmCall GetCall(uint32_t vcpu = 0);

}  // namespace irqd

#endif  // IRQD_TESTS_CORE_CONCURRENCY_VM_CALL_H_

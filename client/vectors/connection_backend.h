// Runs vectors on an irqd, over gRPC or inside this process.
#ifndef IRQD_CLIENT_VECTORS_CONNECTION_BACKEND_H_
#define IRQD_CLIENT_VECTORS_CONNECTION_BACKEND_H_

#include <cstdint>
#include <memory>
#include <string>

#include "client/connection.h"
#include "client/vectors/backend.h"
#include "core/host_profile.h"

namespace irqd {

// A VM of an irqd, which is deleted with this. Tests derive from it to make some calls otherwise.
class ConnectionVm : public BackendVm {
 public:
  // Does not own the connection. Throws NotReached if the VM cannot be made.
  ConnectionVm(Connection* connection, const CallOptions& options, const HostProfile& profile);
  ~ConnectionVm() override;

  int64_t CreateVcpu(uint32_t id) override;
  int64_t EnableCap(uint32_t cap) override;
  int64_t VmInterrupt(const kvm_s390_interrupt& interrupt) override;
  int64_t SetDeviceAttr(const FlicAttr& attr) override;
  Reply GetDeviceAttr(const FlicAttr& attr) override;
  int64_t HasDeviceAttr(const FlicAttr& attr) override;
  void SetTodClock(uint64_t tod) override;
  void SetNewPswMask(NewPsw which, uint64_t mask) override;
  uint64_t VmPending() override;

  int64_t S390Irq(uint32_t vcpu, const std::string& image) override;
  int64_t S390Interrupt(uint32_t vcpu, const kvm_s390_interrupt& interrupt) override;
  Reply GetIrqState(uint32_t vcpu, uint32_t len, uint32_t room) override;
  int64_t SetIrqState(uint32_t vcpu, uint32_t len, const std::string& images) override;
  int64_t Reset(uint32_t vcpu, unsigned long request) override;
  int64_t SetMpState(uint32_t vcpu, uint32_t mp_state) override;
  int64_t GetMpState(uint32_t vcpu) override;
  uint64_t Pending(uint32_t vcpu) override;
  RegisterValues Registers(uint32_t vcpu) override;

  void SetPswMask(uint32_t vcpu, uint64_t mask) override;
  void SetCr(uint32_t vcpu, uint32_t cr, uint64_t value) override;
  void SetClockComparator(uint32_t vcpu, uint64_t value) override;
  void SetCpuTimer(uint32_t vcpu, uint64_t value) override;
  Reply Deliver(uint32_t vcpu) override;
  bool HasIrq(uint32_t vcpu) override;
  int64_t StopIntercept(uint32_t vcpu) override;

 protected:
  Connection& connection() const { return connection_; }
  uint64_t id() const { return id_; }

 private:
  Connection& connection_;
  const CallOptions options_;
  uint64_t id_;
};

// Has every feature but kUserMemory: the calls carry bytes, not addresses. `options` is for each
// call.
std::unique_ptr<Backend> MakeConnectionBackend(std::shared_ptr<Connection> connection,
                                               const CallOptions& options = CallOptions());

}  // namespace irqd

#endif  // IRQD_CLIENT_VECTORS_CONNECTION_BACKEND_H_

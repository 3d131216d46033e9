// A vCPU's pending interrupts once more, written from the kernel's semantics without a look at
// core/.
//
// It is the simplest thing that could answer the same: bytes as the kernel's memory holds them,
// bits as the kernel numbers them, one thread. Only tests use it, to compare.
#ifndef IRQD_TESTS_FUZZ_VCPU_MODEL_H_
#define IRQD_TESTS_FUZZ_VCPU_MODEL_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace irqd {

// What a VM's vCPUs share.
struct ModelVm {
  bool sigpif = true;
  uint32_t id_limit = 0;
  bool user_controls_run_state = false;
  std::set<uint32_t> vcpus;
};

class ModelVcpu {
 public:
  explicit ModelVcpu(ModelVm* vm) : vm_(*vm) {}

  // `image` is a record of 72 bytes.
  int64_t S390Irq(const std::string& image);
  int64_t S390Interrupt(uint32_t type, uint32_t parm, uint64_t parm64);
  // What GET returns, and what it has written to a buffer of `len` bytes.
  int64_t GetIrqState(uint32_t len, std::string* written) const;
  int64_t SetIrqState(uint32_t len, const std::string& images);
  int64_t Reset();
  int64_t SetMpState(uint32_t state);
  // KVM_CREATE_VCPU for its id once more: fails, but takes the external call out of the SCA.
  void CreateAgain();
  int64_t GetMpState() const { return stopped_ ? 5 : 7; }
  uint64_t PendingWord() const;

 private:
  int64_t Mchk(const std::string& image);
  int64_t Program(const std::string& image);
  // Makes `bit` pending with the first `size` bytes of the image's union.
  int64_t Pend(int bit, const std::string& image, size_t size);
  std::vector<std::string> Records() const;

  ModelVm& vm_;
  bool stopped_ = true;
  std::map<int, std::string> pending_;  // by bit number: the union's bytes; not 20, 21, 24, 27
  std::set<int> mchk_bits_;
  std::string mchk_ = std::string(48, '\0');
  std::optional<uint16_t> call_;
  std::set<uint16_t> emergencies_;
};

}  // namespace irqd

#endif  // IRQD_TESTS_FUZZ_VCPU_MODEL_H_

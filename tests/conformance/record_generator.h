// Random interrupt records: mostly what programs send, partly what only a test does.
#ifndef IRQD_TESTS_CONFORMANCE_RECORD_GENERATOR_H_
#define IRQD_TESTS_CONFORMANCE_RECORD_GENERATOR_H_

#include <cstdint>
#include <string>
#include <vector>

#include "core/kvm_s390.h"
#include "tests/seed.h"

namespace irqd {

// One sequence uses few types and few values, so that they meet again.
class RecordGenerator {
 public:
  // Takes its choices of types and values from `random`, which must outlive it.
  explicit RecordGenerator(Random* random);

  // What may name a vCPU, e.g. as the sender of an emergency signal.
  void set_ids(const std::vector<uint32_t>* ids) { ids_ = ids; }

  // One big-endian image for a vCPU, or for the FLIC.
  std::string Local();
  std::string Floating();
  kvm_s390_interrupt LocalInterrupt();
  kvm_s390_interrupt FloatingInterrupt();
  // A subchannel that an I/O interrupt may have come from: id << 16 | number.
  uint32_t Subchannel();
  // 0, a few bits, all bits, or anything.
  uint64_t Value();

 private:
  uint64_t LocalType();
  uint64_t FloatingType();
  uint64_t OddType();
  uint32_t Id();
  uint64_t MachineCheckCode();
  uint64_t Cr14();
  void FillPayload(std::string* image);
  void SetPayload(uint64_t type, std::string* image);
  bool OneIn(uint64_t n) { return Below(n, random_) == 0; }
  template <typename T, size_t N>
  T OneOf(const T (&values)[N]) {
    return values[Below(N, random_)];
  }

  Random& random_;
  const std::vector<uint32_t>* ids_ = nullptr;
  std::vector<uint64_t> local_types_;
  std::vector<uint64_t> floating_types_;
  // One in this many records is of a type that the other side would take, or nobody.
  uint64_t odd_types_;
  bool noise_;
};

}  // namespace irqd

#endif  // IRQD_TESTS_CONFORMANCE_RECORD_GENERATOR_H_

// Random sequences of calls on a VM.
//
// Each sequence draws a machine, a few vCPUs, and which calls, types and values it uses: a sequence
// that uses few of them gets them into each other's way more often than one that uses all.
#ifndef IRQD_TESTS_CONFORMANCE_CALL_GENERATOR_H_
#define IRQD_TESTS_CONFORMANCE_CALL_GENERATOR_H_

#include <array>
#include <string>
#include <vector>

#include "core/host_profile.h"
#include "tests/conformance/record_generator.h"
#include "client/vectors/step.h"
#include "tests/seed.h"

namespace irqd {

class CallGenerator {
 public:
  // One sequence, from `seed` alone. Uses no call that `tested` lacks a feature for.
  CallGenerator(uint64_t seed, const Backend& tested);
  CallGenerator(const CallGenerator&) = delete;
  CallGenerator& operator=(const CallGenerator&) = delete;

  const HostProfile& profile() const { return profile_; }
  // How many calls the sequence should have.
  int length() const { return length_; }

  // The next call, without an answer. Answers are to be told to Learn before the next one.
  Step Next();
  void Learn(const Step& step);

 private:
  Step Draw();
  void PlanOpening(uint32_t vcpu);
  uint64_t WeightFor(Op op);
  Op DrawOp();
  uint32_t NewId();
  uint32_t GetLength();
  std::string Records();
  void DrawSet(Step* step);
  void DrawAttr(Step* step);
  void DrawEnqueue(FlicAttr* attr);
  void DrawAdapter(FlicAttr* attr);
  std::string Bytes(size_t size);
  uint64_t PswMask();
  uint64_t Cr(int64_t cr);
  uint64_t Time();
  bool OneIn(uint64_t n) { return Below(n, random_) == 0; }
  template <typename T, size_t N>
  T OneOf(const T (&values)[N]) {
    return values[Below(N, random_)];
  }

  Random random_;
  const Backend& tested_;
  RecordGenerator records_;
  HostProfile profile_ = DefaultHostProfile();
  std::vector<Step> planned_;  // what to begin with, the last of them first
  std::vector<uint32_t> created_;
  std::array<uint64_t, kOps> weights_;
  bool is_open_;  // guests begin with most interrupts enabled
  int length_;
  std::string last_get_;  // images of some vCPU, to be SET elsewhere
};

}  // namespace irqd

#endif  // IRQD_TESTS_CONFORMANCE_CALL_GENERATOR_H_

// Random calls, the same on two back ends at once: the core says what every other one must answer.
#include <cerrno>
#include <string>

#include "gmock/gmock.h"
#include "tests/conformance/back_ends.h"
#include "tests/core/irq_samples.h"
#include "tests/seed.h"

namespace irqd {

void PrintTo(const BackendKind& kind, std::ostream* out) { *out << kind.name; }

namespace {

constexpr uint32_t kVcpus = 4;
// What each VM is asked before it is thrown away.
constexpr int kCallsPerVm = 200;

HostProfile RandomProfile(Random& random) {
  HostProfile profile = DefaultHostProfile();
  profile.sigp_interpretation = Below(2, random);
  profile.extended_sca = Below(2, random);
  return profile;
}

// A length as programs give it: enough, tight, or nonsense.
uint32_t RandomLength(Random& random) {
  const uint32_t lengths[] = {20664, 20664, 20664, static_cast<uint32_t>(Below(500, random)),
                              0,     72,    71,    0x80000000u,
                              20736, 144,   288,   0xffffffffu};
  return lengths[Below(std::size(lengths), random)];
}

// Both VMs answer alike, call by call.
class Pair {
 public:
  Pair(Backend* model, Backend* tested, const HostProfile& profile)
      : model_(model->CreateVm(profile)), tested_(tested->CreateVm(profile)) {}

  // `call(vm)` returns something comparable.
  template <typename Call>
  void Both(const char* name, Call call) {
    SCOPED_TRACE(name);
    ASSERT_EQ(call(*tested_), call(*model_));
  }

  void RandomCall(Random& random) {
    const uint32_t vcpu = static_cast<uint32_t>(Below(kVcpus, random));
    switch (Below(12, random)) {
      case 0: {
        const uint32_t ids[] = {vcpu, static_cast<uint32_t>(Below(300, random)), 0xffffffff};
        const uint32_t id = ids[Below(3, random)];
        return Both("CREATE_VCPU", [&](BackendVm& vm) { return vm.CreateVcpu(id); });
      }
      case 1: {
        const unsigned long resets[] = {KVM_S390_NORMAL_RESET, KVM_S390_INITIAL_RESET,
                                        KVM_S390_CLEAR_RESET};
        const unsigned long request = resets[Below(3, random)];
        return Both("RESET", [&](BackendVm& vm) { return vm.Reset(vcpu, request); });
      }
      case 2: {
        const uint32_t mp_state = 4 + static_cast<uint32_t>(Below(5, random));
        return Both("SET_MP_STATE", [&](BackendVm& vm) { return vm.SetMpState(vcpu, mp_state); });
      }
      case 3:
        return Both("GET_MP_STATE", [&](BackendVm& vm) { return vm.GetMpState(vcpu); });
      case 4:
      case 5:
        return Set(vcpu, random);
      case 6: {
        const kvm_s390_irq irq = RandomIrq(kVcpus + 1, random);
        const kvm_s390_interrupt interrupt = {
            static_cast<uint32_t>(irq.type),
            Below(2, random) ? static_cast<uint32_t>(random()) : irq.u.emerg.code, random()};
        return Both("INTERRUPT", [&](BackendVm& vm) { return vm.S390Interrupt(vcpu, interrupt); });
      }
      default: {
        const std::string image = RandomImage(random);
        return Both("IRQ", [&](BackendVm& vm) { return vm.S390Irq(vcpu, image); });
      }
    }
  }

  void Get(uint32_t vcpu, uint32_t len) {
    Both("GET", [&](BackendVm& vm) {
      const GetReply reply = vm.GetIrqState(vcpu, len);
      return std::to_string(reply.ret) + "\n" + HexRecords(reply.buf);
    });
  }

 private:
  // With noise where the kernel does not look.
  static std::string RandomImage(Random& random) {
    std::string image = Image(RandomIrq(kVcpus + 1, random));
    for (size_t at = 8; at < image.size(); ++at) {
      if (image[at] == 0 && at >= 56) image[at] = static_cast<char>(random());
    }
    return image;
  }

  void Set(uint32_t vcpu, Random& random) {
    std::string images;
    for (uint64_t n = 1 + Below(5, random); n > 0; --n) images += RandomImage(random);
    uint32_t len = static_cast<uint32_t>(images.size());
    // Lengths that the kernel refuses may differ from the buffer's.
    const uint32_t refused[] = {0, len - 1, len + 1, 20736, 0x80000000u, 0xffffffffu};
    if (Below(6, random) == 0) len = refused[Below(std::size(refused), random)];
    Both("SET", [&](BackendVm& vm) { return vm.SetIrqState(vcpu, len, images); });
  }

  std::unique_ptr<BackendVm> model_;
  std::unique_ptr<BackendVm> tested_;
};

class RandomCallsTest : public testing::TestWithParam<BackendKind> {};

TEST_P(RandomCallsTest, AnswersAsTheCore) {
  const uint64_t seed = TestSeed();
  const std::unique_ptr<Backend> core = BackendKinds()[0].make();
  const std::unique_ptr<Backend> tested = GetParam().make();
  // Calls through a server take a thousand times as long.
  const int vms = GetParam().name == "Inproc" ? 100 : 10;
  Random random(seed);
  for (int i = 0; i < vms; ++i) {
    Pair pair(core.get(), tested.get(), RandomProfile(random));
    for (uint32_t id = 0; id < kVcpus; ++id) {
      pair.Both("CREATE_VCPU", [&](BackendVm& vm) { return vm.CreateVcpu(id); });
    }
    for (int call = 0; call < kCallsPerVm; ++call) {
      SCOPED_TRACE(testing::Message() << "VM " << i << ", call " << call);
      pair.RandomCall(random);
      pair.Get(static_cast<uint32_t>(Below(kVcpus, random)), RandomLength(random));
      if (HasFatalFailure()) return;
    }
  }
}

std::vector<BackendKind> AllButTheCore() {
  return {BackendKinds().begin() + 1, BackendKinds().end()};
}
INSTANTIATE_TEST_SUITE_P(BackEnds, RandomCallsTest, testing::ValuesIn(AllButTheCore()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace irqd

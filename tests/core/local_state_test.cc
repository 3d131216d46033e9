#include "core/local_state.h"

#include <functional>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "tests/core/irq_samples.h"

namespace irqd {
namespace {

using testing::ElementsAre;

// The other tests compare states and profiles; these say that they would see any difference.
struct Difference {
  std::string name;
  std::function<void(LocalState*)> make;
};
class StateEqualityTest : public testing::TestWithParam<Difference> {};
INSTANTIATE_TEST_SUITE_P(
    Fields, StateEqualityTest,
    testing::Values(Difference{"Pending", [](LocalState* s) { s->pending = 1; }},
                    Difference{"Stopped", [](LocalState* s) { s->stopped = false; }},
                    Difference{"StopFlags", [](LocalState* s) { s->stop_flags = 1; }},
                    Difference{"FirstOfPayload", [](LocalState* s) { s->payload.pgm.code = 1; }},
                    Difference{"LastOfPayload",
                               [](LocalState* s) { s->payload.emergency.Add(255); }},
                    Difference{"FirstRegister", [](LocalState* s) { s->registers.psw_mask = 1; }},
                    Difference{"LastRegister", [](LocalState* s) { s->registers.prefix = 1; }}),
    [](const auto& info) { return info.param.name; });

TEST_P(StateEqualityTest, SeesTheField) {
  LocalState changed;
  GetParam().make(&changed);

  EXPECT_FALSE(changed == LocalState());
  EXPECT_EQ(changed, changed);
}

TEST(HostProfileEqualityTest, SeesEachField) {
  KernelRules other_kernel = *DefaultHostProfile().kernel;
  HostProfile kernel = DefaultHostProfile();
  kernel.kernel = &other_kernel;
  HostProfile sigpif = DefaultHostProfile();
  sigpif.sigp_interpretation = false;
  HostProfile esca = DefaultHostProfile();
  esca.extended_sca = false;
  HostProfile gisa = DefaultHostProfile();
  gisa.gisa = true;

  for (const HostProfile& profile : {kernel, sigpif, esca, gisa}) {
    EXPECT_FALSE(profile == DefaultHostProfile());
  }
}

TEST(VcpuIdSetTest, HoldsEachIdByItself) {
  VcpuIdSet set;
  for (uint32_t id : {255u, 64u, 0u, 63u, 128u}) set.Add(id);

  EXPECT_EQ(set.Count(), 5);
  EXPECT_EQ(set.Lowest(), 0u);
  std::vector<uint32_t> visited;
  set.ForEach([&](uint32_t id) { visited.push_back(id); });
  EXPECT_THAT(visited, ElementsAre(0, 63, 64, 128, 255));
  EXPECT_FALSE(set.Contains(1));

  for (uint32_t id : visited) {
    EXPECT_EQ(set.Lowest(), id);
    EXPECT_TRUE(set.Contains(id));
    set.Remove(id);
    EXPECT_FALSE(set.Contains(id));
  }
  EXPECT_TRUE(set.IsEmpty());
}

}  // namespace
}  // namespace irqd

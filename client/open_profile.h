// What irqd_open's host_profile says: the simulated host, and how this library reads ioctls.
#ifndef IRQD_CLIENT_OPEN_PROFILE_H_
#define IRQD_CLIENT_OPEN_PROFILE_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/host_profile.h"

namespace irqd {

// What the library accepts beyond what a kernel does. No property of the host: servers do not
// know it.
struct IoctlOptions {
  // "documented-set": KVM_S390_SET_IRQ_STATE also with the 16-byte structure that documentation
  // once printed. Its size is in the request number, which tells it apart.
  bool documented_set = false;
};

struct OpenProfile {
  HostProfile host = DefaultHostProfile();
  IoctlOptions ioctls;
};

// The words of ParseHostProfile, and "documented-set", in any order, each at most once.
//   INVALID_ARGUMENT  naming the word, for any other
// Safe to use from any thread.
absl::StatusOr<OpenProfile> ParseOpenProfile(absl::string_view text);

}  // namespace irqd

#endif  // IRQD_CLIENT_OPEN_PROFILE_H_

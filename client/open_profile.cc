#include "client/open_profile.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace irqd {
namespace {

constexpr absl::string_view kDocumentedSet = "documented-set";

}  // namespace

absl::StatusOr<OpenProfile> ParseOpenProfile(absl::string_view text) {
  OpenProfile profile;
  std::vector<absl::string_view> host_words;
  for (const absl::string_view word : absl::StrSplit(text, ',')) {
    if (word != kDocumentedSet) {
      host_words.push_back(word);
    } else if (profile.ioctls.documented_set) {
      return absl::InvalidArgumentError(
          absl::StrCat("host profile: '", kDocumentedSet, "' is given a second time"));
    } else {
      profile.ioctls.documented_set = true;
    }
  }
  if (host_words.empty()) return profile;
  // An empty word is wrong beside another one, but all of an empty text.
  const bool lone_comma = profile.ioctls.documented_set && host_words.size() == 1;
  const absl::StatusOr<HostProfile> host = lone_comma && host_words[0].empty()
                                               ? ParseHostProfile(",")
                                               : ParseHostProfile(absl::StrJoin(host_words, ","));
  if (!host.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(host.status().message(), "; here also ", kDocumentedSet));
  }
  profile.host = *host;
  return profile;
}

}  // namespace irqd

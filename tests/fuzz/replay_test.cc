// Runs a fuzz target without a fuzzer: on its corpus, and on mutations of it. An input that it does
// not accept ends the program; the last lines printed name the input.
#include <dirent.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "tests/fuzz/input.h"
#include "tests/seed.h"

namespace irqd {
namespace {

constexpr int kMutants = 500;
constexpr size_t kMostBytes = 4096;

std::vector<std::string> CorpusFiles() {
  std::vector<std::string> names;
  DIR* folder = opendir(IRQD_CORPUS);
  if (folder == nullptr) return names;
  while (const dirent* entry = readdir(folder)) {
    if (entry->d_name[0] != '.') names.push_back(std::string(IRQD_CORPUS "/") + entry->d_name);
  }
  closedir(folder);
  std::sort(names.begin(), names.end());
  return names;
}

std::string Read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void RunTarget(const std::string& input) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(input.data()), input.size());
}

// A few small changes, as a fuzzer makes them.
std::string Mutate(std::string input, const std::vector<std::string>& corpus, Random& random) {
  for (uint64_t left = 1 + Below(8, random); left > 0; --left) {
    const size_t at = Below(input.size() + 1, random);
    switch (Below(5, random)) {
      case 0:
        input.insert(at, 1, static_cast<char>(random()));
        break;
      case 1:
        input.erase(at, Below(8, random));
        break;
      case 2:
        if (at < input.size()) input[at] = static_cast<char>(input[at] ^ 1 << Below(8, random));
        break;
      case 3:
        if (at < input.size()) input[at] = static_cast<char>(random());
        break;
      default: {
        const std::string& other = corpus[Below(corpus.size(), random)];
        input.insert(at, other, Below(other.size() + 1, random), Below(64, random));
      }
    }
  }
  input.resize(std::min(input.size(), kMostBytes));
  return input;
}

TEST(FuzzReplayTest, AcceptsTheCorpus) {
  const std::vector<std::string> files = CorpusFiles();
  ASSERT_GE(files.size(), 10u) << "no corpus in " IRQD_CORPUS;

  for (const std::string& file : files) {
    std::cout << file << std::endl;
    RunTarget(Read(file));
  }
}

TEST(FuzzReplayTest, AcceptsMutations) {
  Random random(TestSeed());
  std::vector<std::string> corpus = {""};
  for (const std::string& file : CorpusFiles()) corpus.push_back(Read(file));

  for (int i = 0; i < kMutants; ++i) {
    RunTarget(Mutate(corpus[Below(corpus.size(), random)], corpus, random));
  }
}

}  // namespace
}  // namespace irqd

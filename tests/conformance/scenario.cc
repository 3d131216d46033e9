#include "tests/conformance/scenario.h"

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>

#include "absl/strings/escaping.h"

namespace irqd {
namespace {

using nlohmann::json;

std::string Bytes(const json& hex) { return absl::HexStringToBytes(hex.get<std::string>()); }

HostProfile ParseHost(const json& host) {
  HostProfile profile;
  profile.kernel = FindKernelRules(host.at("kernel").get<std::string>());
  if (profile.kernel == nullptr) throw std::runtime_error("unknown kernel in " + host.dump());
  profile.sigp_interpretation = host.at("sigp_interpretation");
  profile.extended_sca = host.at("extended_sca");
  return profile;
}

Step ParseStep(const json& from) {
  Step step;
  step.op = from.at("op");
  step.vcpu = from.value("vcpu", 0u);
  step.len = from.value("len", 0u);
  step.mp_state = from.value("mp_state", 0u);
  step.ret = from.at("ret");
  if (step.op == "KVM_S390_IRQ") {
    step.images = Bytes(from.at("arg"));
  } else if (step.op == "KVM_S390_INTERRUPT") {
    step.interrupt = {from.at("type"), from.at("parm"), from.at("parm64")};
  } else if (step.op == "KVM_S390_SET_IRQ_STATE") {
    step.images = Bytes(from.at("buf"));
  } else if (from.contains("buf")) {
    step.buf = Bytes(from.at("buf"));
  }
  return step;
}

Scenario ParseScenario(const json& from) {
  Scenario scenario;
  scenario.name = from.at("name");
  scenario.host = ParseHost(from.at("host"));
  for (const json& step : from.at("steps")) scenario.steps.push_back(ParseStep(step));
  return scenario;
}

}  // namespace

std::vector<Scenario> LoadScenarios(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot open " + path);
  std::vector<Scenario> scenarios;
  std::set<std::string> names;
  for (std::string line; std::getline(file, line);) {
    try {
      scenarios.push_back(ParseScenario(json::parse(line)));
    } catch (const json::exception& error) {
      throw std::runtime_error(path + ": " + error.what());
    }
    if (!names.insert(scenarios.back().name).second) {
      throw std::runtime_error(path + ": twice the name " + scenarios.back().name);
    }
  }
  return scenarios;
}

}  // namespace irqd

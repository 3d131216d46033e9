// A load client for any gRPC server: see --help. One thread, one connection; it prints one line of
// JSON, and ends with 1 at the first call that fails or answers another size than expected.
#include "tests/benchmarks/load.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"

ABSL_FLAG(std::string, target, "", "host:port or unix:PATH");
ABSL_FLAG(std::string, method, "", "/package.Service/Method");
ABSL_FLAG(std::string, requests, "",
          "file of requests, sent in turn: messages as gRPC frames them, a zero byte and four of "
          "length before each");
ABSL_FLAG(bool, stream, false, "messages on one bidirectional stream, not unary calls");
ABSL_FLAG(int, in_flight, 1, "calls or messages that wait for their answers at a time");
ABSL_FLAG(uint64_t, calls, 0, "end after so many; 0: after --seconds");
ABSL_FLAG(double, seconds, 0, "end after so long");
ABSL_FLAG(double, warm_up, 0, "seconds before the figures begin");
ABSL_FLAG(int64_t, answer_size, -1, "bytes that every answer must have; -1: any");

namespace irqd {
namespace {

// However slow the machine is, so many calls are measured when a run is bounded by time.
constexpr size_t kLeastCalls = 10;

std::chrono::nanoseconds Nanoseconds(double seconds) {
  return std::chrono::nanoseconds(static_cast<int64_t>(seconds * 1e9));
}

double Percentile(const std::vector<uint32_t>& sorted, double part) {
  if (sorted.empty()) return 0;
  return sorted[static_cast<size_t>(static_cast<double>(sorted.size() - 1) * part)] / 1e3;
}

std::vector<grpc::ByteBuffer> ReadRequests(const std::string& path) {
  constexpr size_t kPrefix = 5;
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  std::vector<grpc::ByteBuffer> requests;
  for (size_t at = 0; at < bytes.size();) {
    if (bytes.size() - at < kPrefix) Die(path + ": ends inside a prefix");
    size_t size = 0;
    for (size_t i = 1; i < kPrefix; ++i) size = size << 8 | static_cast<uint8_t>(bytes[at + i]);
    at += kPrefix;
    if (bytes.size() - at < size) Die(path + ": ends inside a message");
    const grpc::Slice slice(bytes.data() + at, size);
    requests.emplace_back(&slice, 1);
    at += size;
  }
  if (requests.empty()) Die(path + ": has no request");
  return requests;
}

}  // namespace

Figures::Figures(const LoadSettings& settings)
    : settings_(settings),
      measure_from_(start_ + Nanoseconds(settings.warm_up)),
      end_(settings.seconds > 0 ? measure_from_ + Nanoseconds(settings.seconds)
                                : Clock::time_point::max()),
      last_(measure_from_) {
  latencies_.reserve(1 << 20);
}

bool Figures::IsOver(Clock::time_point now) const {
  return now >= end_ && latencies_.size() >= kLeastCalls;
}

bool Figures::MaySend() {
  if (settings_.calls > 0 ? sent_ >= settings_.calls : IsOver(Clock::now())) return false;
  ++sent_;
  return true;
}

const grpc::ByteBuffer& Figures::NextRequest() {
  const grpc::ByteBuffer& request = settings_.requests[next_];
  if (++next_ == settings_.requests.size()) next_ = 0;
  return request;
}

void Figures::Answered(const grpc::ByteBuffer& answer, Clock::time_point sent) {
  const size_t size = answer.Length();
  if (settings_.answer_size >= 0 && size != static_cast<size_t>(settings_.answer_size)) {
    Die(settings_.method + ": an answer of " + std::to_string(size) + " bytes");
  }
  ++answered_;
  const auto now = Clock::now();
  if (now < measure_from_ || IsOver(now)) return;
  last_ = now;
  bytes_ += size;
  latencies_.push_back(static_cast<uint32_t>(std::min<int64_t>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(now - sent).count(), UINT32_MAX)));
}

void Figures::Print() {
  std::sort(latencies_.begin(), latencies_.end());
  const std::chrono::duration<double> took = last_ - measure_from_;
  std::printf(
      "{\"calls\": %zu, \"seconds\": %.6f, \"bytes\": %llu, \"all_calls\": %llu, "
      "\"p50_us\": %.1f, \"p99_us\": %.1f}\n",
      latencies_.size(), took.count(), static_cast<unsigned long long>(bytes_),
      static_cast<unsigned long long>(answered_), Percentile(latencies_, 0.5),
      Percentile(latencies_, 0.99));
}

}  // namespace irqd

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage("sends requests from a file to a gRPC server and measures");
  absl::ParseCommandLine(argc, argv);
  irqd::LoadSettings settings;
  settings.method = absl::GetFlag(FLAGS_method);
  settings.requests = irqd::ReadRequests(absl::GetFlag(FLAGS_requests));
  settings.in_flight = absl::GetFlag(FLAGS_in_flight);
  settings.calls = absl::GetFlag(FLAGS_calls);
  settings.seconds = absl::GetFlag(FLAGS_seconds);
  settings.warm_up = absl::GetFlag(FLAGS_warm_up);
  settings.answer_size = absl::GetFlag(FLAGS_answer_size);
  if (settings.calls == 0 && settings.seconds <= 0) irqd::Die("--calls or --seconds is required");

  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);
  const auto channel = grpc::CreateCustomChannel(absl::GetFlag(FLAGS_target),
                                                 grpc::InsecureChannelCredentials(), arguments);
  if (!channel->WaitForConnected(std::chrono::system_clock::now() + std::chrono::seconds(10))) {
    irqd::Die("no server at " + absl::GetFlag(FLAGS_target));
  }
  grpc::GenericStub stub(channel);
  irqd::Figures figures(settings);
  const auto call = absl::GetFlag(FLAGS_stream) ? irqd::CallStream : irqd::CallUnary;
  call(&stub, settings, &figures);
  figures.Print();
  return 0;
}

// What the load client's two ways of calling share: a run's settings, its requests, its figures.
//
// Requests and answers are bytes: the client knows no service, so irqd and a bare server get the
// same load by the same code.
#ifndef IRQD_TESTS_BENCHMARKS_LOAD_H_
#define IRQD_TESTS_BENCHMARKS_LOAD_H_

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace irqd {

using Clock = std::chrono::steady_clock;

struct LoadSettings {
  std::string method;                      // /package.Service/Method
  std::vector<grpc::ByteBuffer> requests;  // sent in turn
  int in_flight = 1;
  // The run ends after so many calls or, if that is 0, so long.
  uint64_t calls = 0;
  double seconds = 0;
  double warm_up = 0;        // seconds before figures are taken
  int64_t answer_size = -1;  // bytes that every answer must have; -1: any
};

[[noreturn]] inline void Die(const std::string& why) {
  std::fprintf(stderr, "load: %s\n", why.c_str());
  std::exit(1);
}

// Counts answers, checks each, and says when it is enough.
class Figures {
 public:
  explicit Figures(const LoadSettings& settings);

  // Whether one more may be sent; it counts as sent then.
  bool MaySend();
  // The next request in turn.
  const grpc::ByteBuffer& NextRequest();
  // An answer to what was sent at `sent`.
  void Answered(const grpc::ByteBuffer& answer, Clock::time_point sent);
  // One line of JSON.
  void Print();

 private:
  bool IsOver(Clock::time_point now) const;

  const LoadSettings& settings_;
  const Clock::time_point start_ = Clock::now();
  const Clock::time_point measure_from_;
  const Clock::time_point end_;
  Clock::time_point last_;
  uint64_t sent_ = 0;
  uint64_t answered_ = 0;
  uint64_t bytes_ = 0;
  size_t next_ = 0;
  std::vector<uint32_t> latencies_;  // nanoseconds
};

// Unary calls, settings.in_flight at a time.
void CallUnary(grpc::GenericStub* stub, const LoadSettings& settings, Figures* figures);
// One bidirectional stream with so many messages that wait for their answers, each of which is one
// message, in order.
void CallStream(grpc::GenericStub* stub, const LoadSettings& settings, Figures* figures);

}  // namespace irqd

#endif  // IRQD_TESTS_BENCHMARKS_LOAD_H_

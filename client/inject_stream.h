// An open stream of injections: irqd.v1.Batch.InjectStream, to a server or inside this process.
//
//   std::unique_ptr<InjectStream> stream = connection->OpenInjectStream(options);
//   std::vector<int32_t> ret;
//   while (HaveMore() && stream->Write(vm_id, vcpu_ids, records) && stream->Read(&ret)) Look(ret);
//   absl::Status status = stream->Finish();
//
// Every message that is written is answered by one, in order. A message that was not answered when
// the stream ended may have been carried out. Write several before you read the first answer, or
// write and read in two threads: then nobody waits for a message's way there and back. But keep a
// bound: who writes without reading is stopped in the end, until somebody reads.
//
// Thread safety: one thread may write while one reads. Finish and the destructor are for when
// nobody does either any more.
#ifndef IRQD_CLIENT_INJECT_STREAM_H_
#define IRQD_CLIENT_INJECT_STREAM_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace irqd {

class InjectStream {
 public:
  // Cancels the stream, if nobody called Finish.
  virtual ~InjectStream() = default;

  // One message of big-endian images, kIrqSize bytes each and at most kMaxStreamRecords. vcpu_ids
  // has an entry for each, or one for all. False: the stream has ended, and Finish says why; true
  // does not mean that the message was good.
  virtual bool Write(uint64_t vm_id, absl::Span<const uint32_t> vcpu_ids,
                     absl::string_view records) = 0;
  // There will be no more messages.
  virtual void WritesDone() = 0;
  // Waits for the next answer: the ret of each record. False: there will be none any more.
  virtual bool Read(std::vector<int32_t>* ret) = 0;
  // Ends the stream; answers that nobody read are dropped. OK, or what ended it before: the errors
  // of the call, as proto/irqd/v1/batch.proto lists them, or those of Connection. Once.
  virtual absl::Status Finish() = 0;
};

}  // namespace irqd

#endif  // IRQD_CLIENT_INJECT_STREAM_H_

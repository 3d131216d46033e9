// What the completion queue hands back to the thread that polls it.
#ifndef IRQD_SERVER_CALL_TAG_H_
#define IRQD_SERVER_CALL_TAG_H_

namespace irqd {

class CallTag {
 public:
  virtual ~CallTag() = default;
  // `ok` is false when what was waited for will not come: the server is shutting down, or the call
  // was cancelled or half-closed.
  virtual void Proceed(bool ok) = 0;
};

}  // namespace irqd

#endif  // IRQD_SERVER_CALL_TAG_H_

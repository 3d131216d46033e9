// Images of s390x memory, and what they are in this machine's byte order.
//
// The layouts are written down here once more, apart from the core's codec, which is judged by
// them.
#ifndef IRQD_TESTS_CONFORMANCE_HOST_IMAGES_H_
#define IRQD_TESTS_CONFORMANCE_HOST_IMAGES_H_

#include <cstddef>
#include <cstdint>

namespace irqd {

// Exchange the bytes of each field of the records at `bytes`. Bytes behind the member that a type
// selects stay as they are, and so does what is left after the last whole record, but for the
// fields that lie in it completely.
void ImagesToHost(uint8_t* bytes, size_t size);
void HostToImages(uint8_t* bytes, size_t size);

// The same for the memory of a FLIC attribute of `group`.
void AttrToHost(uint32_t group, uint8_t* bytes, size_t size);
void HostToAttr(uint32_t group, uint8_t* bytes, size_t size);

}  // namespace irqd

#endif  // IRQD_TESTS_CONFORMANCE_HOST_IMAGES_H_

#include "tests/fuzz/vcpu_model.h"

#include <cerrno>

namespace irqd {
namespace {

constexpr size_t kRecord = 72;

uint64_t Big(const std::string& bytes, size_t at, size_t size) {
  uint64_t value = 0;
  for (size_t i = 0; i < size; ++i) value = value << 8 | static_cast<uint8_t>(bytes[at + i]);
  return value;
}

std::string Image(uint64_t type, const std::string& payload) {
  std::string image;
  for (int shift = 56; shift >= 0; shift -= 8) image += static_cast<char>(type >> shift);
  image += payload;
  image.resize(kRecord);
  return image;
}

// The low `size` bytes of a number, big-endian.
std::string Bytes(uint64_t value, int size) {
  std::string bytes;
  for (int i = size - 1; i >= 0; --i) bytes += static_cast<char>(value >> (8 * i));
  return bytes;
}

void OrInto(std::string* bytes, size_t at, size_t size, const std::string& other) {
  for (size_t i = at; i < at + size; ++i) (*bytes)[i] |= other[i];
}

void CopyInto(std::string* bytes, size_t at, size_t size, const std::string& other) {
  bytes->replace(at, size, other, at, size);
}

// The type whose record stands for a bit of the pending word.
uint64_t TypeOfBit(int bit) {
  switch (bit) {
    case 0:
      return 0xfffe0002;
    case 1:
      return 0xfffe0003;
    case 2:
      return 0xfffe0000;
    case 13:
      return 0xfffe0004;
    case 18:
      return 0xffff1005;
    case 19:
      return 0xffff1004;
    case 25:
      return 0xfffe0001;
  }
  return 0xfffe1000;
}

}  // namespace

int64_t ModelVcpu::Pend(int bit, const std::string& image, size_t size) {
  pending_[bit] = image.substr(8, size);
  return 0;
}

// Section 3.1.
int64_t ModelVcpu::Mchk(const std::string& image) {
  const std::string given = image.substr(8, 48);
  OrInto(&mchk_, 0, 16, given);     // cr14, mcic
  CopyInto(&mchk_, 16, 8, given);   // address
  OrInto(&mchk_, 24, 4, given);     // damage code
  CopyInto(&mchk_, 32, 16, given);  // logout
  const uint8_t first = static_cast<uint8_t>(mchk_[8]), second = static_cast<uint8_t>(mchk_[9]);
  if (first & 0xc0) {
    mchk_bits_.insert(27);
  } else if ((first & 0x05) || (second & 0x80)) {
    mchk_bits_.insert(24);
  }
  return 0;
}

// Section 3.2. No instruction was intercepted: the length put in for an ILC that is not valid is 0.
int64_t ModelVcpu::Program(const std::string& image) {
  std::string given = image.substr(8, 40);
  if (!(given[37] & 1)) given[37] = static_cast<char>((given[37] & ~6) | 1);
  std::string& pgm = pending_.emplace(25, std::string(40, '\0')).first->second;
  const uint64_t code = Big(given, 28, 2);
  if (code == 0x80) {
    pgm[29] = static_cast<char>(pgm[29] | 0x80);
    CopyInto(&pgm, 16, 8, given);  // PER address
    CopyInto(&pgm, 32, 2, given);  // PER code, ATMID
    CopyInto(&pgm, 35, 1, given);  // PER access id
  } else if (!(code & 0x80)) {
    const bool per = pgm[29] & 0x80;
    CopyInto(&pgm, 0, 16, given);  // translation exception, monitor code
    CopyInto(&pgm, 24, 8, given);  // data exception, code, monitor class
    if (per) pgm[29] = static_cast<char>(pgm[29] | 0x80);
    CopyInto(&pgm, 34, 1, given);  // exception access id
    CopyInto(&pgm, 36, 1, given);  // operand access id
  } else {
    pgm = given;
  }
  pgm[37] = given[37];
  return 0;
}

int64_t ModelVcpu::S390Irq(const std::string& image) {
  const uint16_t code = static_cast<uint16_t>(Big(image, 8, 2));
  switch (Big(image, 0, 8)) {
    case 0xfffe0002:
      return stopped_ ? Pend(0, image, 4) : -EBUSY;
    case 0xfffe0003:
      return Pend(1, image, 0);
    case 0xfffe0000:
      if (Big(image, 8, 4) > 1) return -EINVAL;
      if (stopped_) return 0;
      return pending_.count(2) ? -EBUSY : Pend(2, image, 4);
    case 0xfffe0004:
      return Pend(13, image, 16);
    case 0xffff1005:
      return Pend(18, image, 0);
    case 0xffff1004:
      return Pend(19, image, 0);
    case 0xffff1202:
      if (!vm_.vcpus.count(code)) return -EINVAL;
      if (call_) return -EBUSY;
      call_ = code;
      return 0;
    case 0xffff1201:
      if (!vm_.vcpus.count(code)) return -EINVAL;
      emergencies_.insert(code);
      return 0;
    case 0xfffe1000:
      return Mchk(image);
    case 0xfffe0001:
      return Program(image);
  }
  return -EINVAL;
}

int64_t ModelVcpu::S390Interrupt(uint32_t type, uint32_t parm, uint64_t parm64) {
  switch (type) {
    case 0xfffe0001:
      if (parm > 0xffff) return -EINVAL;
      return S390Irq(Image(type, std::string(28, '\0') + Bytes(parm, 2)));
    case 0xffff1201:
    case 0xffff1202:
      if (parm > 0xffff) return -EINVAL;
      return S390Irq(Image(type, Bytes(parm, 2)));
    case 0xfffe0000:
    case 0xfffe0002:
      return S390Irq(Image(type, Bytes(parm, 4)));
    case 0xfffe1000:
      return S390Irq(Image(type, std::string(8, '\0') + Bytes(parm64, 8)));
    default:
      return S390Irq(Image(type, Bytes(parm, 4) + std::string(4, '\0') + Bytes(parm64, 8)));
  }
}

uint64_t ModelVcpu::PendingWord() const {
  uint64_t word = 0;
  for (const auto& [bit, payload] : pending_) word |= uint64_t{1} << bit;
  for (const int bit : mchk_bits_) word |= uint64_t{1} << bit;
  if (!emergencies_.empty()) word |= uint64_t{1} << 21;
  if (call_ && !vm_.sigpif) word |= uint64_t{1} << 20;
  return word;
}

// Section 4: what is pending, in the order of GET.
std::vector<std::string> ModelVcpu::Records() const {
  std::vector<std::string> records;
  for (int bit = 0; bit < 64; ++bit) {
    const auto found = pending_.find(bit);
    if (found != pending_.end()) records.push_back(Image(TypeOfBit(bit), found->second));
    if (mchk_bits_.count(bit)) records.push_back(Image(0xfffe1000, mchk_));
    if (bit == 20 && call_ && !vm_.sigpif) records.push_back(Image(0xffff1202, Bytes(*call_, 2)));
  }
  for (const uint16_t id : emergencies_) records.push_back(Image(0xffff1201, Bytes(id, 2)));
  if (call_ && vm_.sigpif) records.push_back(Image(0xffff1202, Bytes(*call_, 2)));
  return records;
}

int64_t ModelVcpu::GetIrqState(uint32_t len, std::string* written) const {
  written->clear();
  if (len == 0) return -EINVAL;
  for (const std::string& record : Records()) {
    if (len < 0x80000000u && written->size() + kRecord > len) return -ENOBUFS;
    *written += record;
  }
  return static_cast<int64_t>(written->size());
}

int64_t ModelVcpu::SetIrqState(uint32_t len, const std::string& images) {
  if (len > 20664 || len == 0 || len % kRecord != 0) return -EINVAL;
  if (PendingWord() != 0) return -EBUSY;
  for (size_t at = 0; at < len; at += kRecord) {
    const int64_t ret = S390Irq(images.substr(at, kRecord));
    if (ret != 0) return ret;
  }
  return 0;
}

// Section 5.
int64_t ModelVcpu::Reset() {
  const bool stopped = stopped_ || !vm_.user_controls_run_state;
  pending_.clear();
  mchk_bits_.clear();
  mchk_.assign(48, '\0');
  call_.reset();
  emergencies_.clear();
  stopped_ = stopped;
  return 0;
}

void ModelVcpu::CreateAgain() {
  if (vm_.sigpif) call_.reset();
}

int64_t ModelVcpu::SetMpState(uint32_t state) {
  vm_.user_controls_run_state = true;
  if (state != 5 && state != 7) return -ENXIO;
  if (state == 5) pending_.erase(2);
  stopped_ = state == 5;
  return 0;
}

}  // namespace irqd

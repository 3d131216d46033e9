# The table of README.md in Ruby: code from the .proto files, and nothing of irqd's own.
#
#     ruby -I GENERATED table.rb 127.0.0.1:50051
require 'google/protobuf/well_known_types'
require 'google/rpc/error_details_pb'
require 'irqd/v1/batch_services_pb'
require 'irqd/v1/kvm_services_pb'
require 'irqd/v1/vms_services_pb'

include Irqd::V1

# What the kernel calls the types.
SIGP_STOP = 0xfffe0000
PROGRAM_INT = 0xfffe0001
MCHK = 0xfffe1000
EMERGENCY = 0xffff1201
EXTERNAL_CALL = 0xffff1202

RECORD_SIZE = 72
MAX_STATE = 20_664 # always enough for a GET
NEVER_WAS = 2**64 - 1

# What the simulated kernel answered with a negative number: Linux's, whatever system this runs on.
# It is no GRPC::BadStatus, which says that the call did not reach the kernel.
class KernelError < StandardError
  ENOBUFS = 105
  attr_reader :errno, :response

  def initialize(response)
    super("errno #{-response.ret}")
    @errno = -response.ret
    @response = response # with ENOBUFS its buf has what did fit
  end
end

# The response, unless its ret is an errno.
def check(response)
  raise KernelError, response if response.ret.negative?

  response
end

# An image of s390x memory: big-endian, and always 72 bytes. `layout` is pack's, of the member.
def record(type, layout, *fields)
  [type, *fields].pack("Q>#{layout}").ljust(RECORD_SIZE, "\0")
end

def hex(bytes)
  bytes.unpack1('H*')
end

target = ARGV.fetch(0) { abort 'usage: table.rb TARGET' }
# No call waits longer than a minute; without a timeout it waits for as long as it takes.
options = { timeout: 60 }
VMS = Vms::Stub.new(target, :this_channel_is_insecure, **options)
KVM = Kvm::Stub.new(target, :this_channel_is_insecure, **options)
BATCH = Batch::Stub.new(target, :this_channel_is_insecure, **options)

def create_vcpu(vm, id)
  VMS.create_vcpu(CreateVcpuRequest.new(vm: { id: vm.id }, vcpu_id: id)).ret
end

def get(vcpu, len = MAX_STATE)
  KVM.get_irq_state(GetIrqStateRequest.new(vcpu: vcpu, arg: { len: len }))
end

def set(vcpu, state)
  KVM.set_irq_state(SetIrqStateRequest.new(vcpu: vcpu, arg: { len: state.size }, buf: state)).ret
end

# The status's own name, such as NOT_FOUND, as it is in every language.
def status_name(code)
  codes = GRPC::Core::StatusCodes
  codes.constants.find { |name| codes.const_get(name) == code }
end

def status_of
  yield
  :OK
rescue GRPC::BadStatus => e
  status_name(e.code)
end

def inject_all(vcpu)
  logout = ['9889c330ffd225c9bdc73960b799895a'].pack('H*')
  rets = [
    record(SIGP_STOP, 'L>', 0x80000000),
    record(EMERGENCY, 'S>', 31),
    # cr14, mcic, failing_storage_address, ext_damage_code, pad, fixed_logout
    record(MCHK, 'Q>3L>2a16', 1 << 28, 1 << 62, 0, 0xffffffff, 0x6e3d0ede, logout),
    # trans_exc_code, mon_code, per_address, data_exc_code, code, mon_class_nr, six bytes, pad
    record(PROGRAM_INT, 'Q>3L>S>2C6S>', 0, 0x8000, 0x166e6a9c7b7dc9cb, 0xa609ca, 0x10, 0xdea1,
           0x3e, 0x8c, 0x86, 0xa7, 0x73, 0, 0x4c01)
  ].map { |image| KVM.s390_irq(S390IrqRequest.new(vcpu: vcpu, record: image)).ret }
  puts "inject ret=#{rets.join(',')}"
end

def get_twice(vcpu)
  begin
    small = large = check(get(vcpu, 2 * RECORD_SIZE))
  rescue KernelError => e
    raise unless e.errno == KernelError::ENOBUFS

    small = e.response
    large = check(get(vcpu))
  end
  puts "get small=#{small.ret} fitted=#{hex(small.buf)} large=#{large.ret} all=#{hex(large.buf)}"
  large.buf
end

def move(from, state)
  b = VMS.create_vm(CreateVmRequest.new(vcpu_ids: [2, 3, 31]))
  to = VcpuRef.new(vm_id: b.id, vcpu_id: 2)
  answers = ["set=#{set(to, state)}", "there=#{hex(get(to).buf)}"]
  answers << "reset=#{KVM.reset(ResetRequest.new(vcpu: from, kind: :NORMAL)).ret}"
  puts "move #{answers.join(' ')} here=#{get(from).ret}"
ensure
  VMS.delete_vm(DeleteVmRequest.new(vm: { id: b.id })) if b
end

def stream(vm, vcpu)
  records = record(EMERGENCY, 'S>', 2) + record(EXTERNAL_CALL, 'S>', 3)
  # One vCPU id is for all records of the message.
  message = InjectStreamRequest.new(vm: { id: vm.id }, vcpu_ids: [vcpu.vcpu_id], records: records)
  # A thread of gRPC's sends them while this one reads the answers.
  rets = BATCH.inject_stream([message, message]).map { |response| response.ret.to_a.join(',') }
  puts "stream ret=#{rets.join(';')} pending=#{hex(get(vcpu).buf)}"
end

def deadline(free)
  late = status_of { VMS.create_vm(CreateVmRequest.new(name: free), deadline: Time.now - 1) }
  puts "deadline status=#{late}"
  puts "untouched status=#{status_of { VMS.get_vm(GetVmRequest.new(vm: { name: free })) }}"
end

def unknown
  get(VcpuRef.new(vm_id: NEVER_WAS))
  puts 'unknown status=OK'
rescue GRPC::BadStatus => e
  puts "unknown status=#{status_name(e.code)}"
  (info,) = e.to_rpc_status.details.map { |any| any.unpack(Google::Rpc::ResourceInfo) }
  puts "details type=#{info.resource_type} name=#{info.resource_name}"
end

a = VMS.create_vm(CreateVmRequest.new(vcpu_ids: [2, 3]))
begin
  vcpu = ->(id) { VcpuRef.new(vm_id: a.id, vcpu_id: id) }
  puts "create first=#{create_vcpu(a, 31)} again=#{create_vcpu(a, 31)}"
  inject_all(vcpu[2])
  state = get_twice(vcpu[2])
  puts "set ret=#{set(vcpu[2], state)} kept=#{hex(get(vcpu[2]).buf)}"
  move(vcpu[2], state)
  stream(a, vcpu[31])
  deadline("late-#{a.id}")
  unknown
ensure
  VMS.delete_vm(DeleteVmRequest.new(vm: { id: a.id }))
end

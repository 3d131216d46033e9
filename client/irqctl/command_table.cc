// Every command with its arguments, options and help.
#include "client/irqctl/commands.h"

namespace irqd::irqctl {
namespace {

constexpr Option kVmCreateOptions[] = {
    {"profile", "P",
     "what the host is: linux-6.1, sigpif or no-sigpif, esca or\n"
     "no-esca, separated by commas (default: linux-6.1,sigpif,esca)"},
    {"vcpus", "N", "create vCPUs 0 to N-1 with it"},
    {"vcpu-ids", "LIST", "create these vCPUs with it, such as 0,5,8-11"},
};

constexpr Option kGetOptions[] = {
    {"len", "N", "the ioctl's len in bytes (default: 20664, room for all)"},
    {"format", "F", "table (default), hex (a record a line) or raw"},
    {"summary", "", "a row per type"},
    {"output", "FILE", "write to FILE"},
};

constexpr Option kSetOptions[] = {
    {"format", "F", "what the input is: raw or hex (default: hex if it is text)"},
};

constexpr Option kDecodeOptions[] = {
    {"format", "F", "what the input is: raw or hex (default: hex if it is text)"},
    {"summary", "", "a row per type"},
};

constexpr Option kEncodeOptions[] = {
    {"format", "F", "hex (default, a record a line), raw or table"},
};

constexpr absl::string_view kVmCreateDetails =
    "Makes a VM (KVM_CREATE_VM) and prints its name. Without NAME it gets one.\n"
    "JSON: {name, id, host_profile, vcpu_count}.";
constexpr absl::string_view kVmListDetails =
    "Lists the VMs by ascending id.\n"
    "JSON: {vms: [{name, id, host_profile, vcpu_count}]}.";
constexpr absl::string_view kVmDeleteDetails =
    "Removes a VM, its vCPUs and their interrupts.\n"
    "JSON: {id}.";
constexpr absl::string_view kVcpuCreateDetails =
    "Adds a vCPU (KVM_CREATE_VCPU). It is stopped. Errors of the kernel: EINVAL, the\n"
    "machine can have no such vCPU; EEXIST.\n"
    "JSON: {ret, errno}; errno is a name, and there only if ret is negative.";
constexpr absl::string_view kVcpuListDetails =
    "Lists the vCPUs of a VM: run state, and the kernel's pending word, a glance.\n"
    "JSON: {vcpus: [{id, mp_state, pending}]}; mp_state is a number, pending a\n"
    "string \"0x...\".";
constexpr absl::string_view kInjectDetails =
    "Makes an interrupt pending (KVM_S390_IRQ). TYPE and FIELD are the kernel's\n"
    "names, KVM_S390_ and INT_ may be left out; TYPE may be a number. What is not\n"
    "given is zero. Types of a vCPU, and their fields:\n"
    "\n"
    "  SIGP_STOP          flags\n"
    "  SIGP_SET_PREFIX    address\n"
    "  RESTART, INT_CLOCK_COMP, INT_CPU_TIMER\n"
    "  INT_EMERGENCY      code (the sending CPU)\n"
    "  INT_EXTERNAL_CALL  code\n"
    "  INT_PFAULT_INIT    ext_params ext_params2 pad\n"
    "  PROGRAM_INT        code flags trans_exc_code mon_code mon_class_nr\n"
    "                     data_exc_code exc_access_id op_access_id per_address\n"
    "                     per_code per_atmid per_access_id pad (4 hex digits)\n"
    "  MCHK               mcic cr14 failing_storage_address ext_damage_code pad\n"
    "                     fixed_logout (32 hex digits)\n"
    "\n"
    "JSON: {ret, errno}; errno is a name, and there only if ret is negative.";
constexpr absl::string_view kGetDetails =
    "Shows what is pending on a vCPU (KVM_S390_GET_IRQ_STATE) and clears nothing.\n"
    "If --len is too small it shows what fits, and ends with 1 (ENOBUFS).\n"
    "JSON: {ret, errno, irqs: [{type, name, MEMBER: {FIELD: ...}}]}, or with\n"
    "--summary {ret, errno, summary: [{type, name, count, positions, cpus}]}. Values\n"
    "of 64 bits are strings \"0x...\", smaller ones numbers, rows of bytes \"0x\" and\n"
    "hex digits.";
constexpr absl::string_view kSetDetails =
    "Makes the interrupts in FILE (default: stdin) pending (KVM_S390_SET_IRQ_STATE):\n"
    "records of 72 bytes, as get --format raw or hex and encode write them. Whatever\n"
    "is in FILE goes to the kernel, so that it is the kernel that refuses a wrong\n"
    "size.\n"
    "JSON: {ret, errno}; errno is a name, and there only if ret is negative.";
constexpr absl::string_view kResetDetails =
    "KVM_S390_NORMAL_RESET, _INITIAL_RESET or _CLEAR_RESET: all interrupts of the\n"
    "vCPU are gone, and it stops unless somebody set a run state in this VM.\n"
    "JSON: {ret, errno}; errno is a name, and there only if ret is negative.";
constexpr absl::string_view kMpStateDetails =
    "Prints the run state of a vCPU (KVM_GET_MP_STATE), or sets it\n"
    "(KVM_SET_MP_STATE). STATE is stopped, operating or any number; the kernel takes\n"
    "5 (stopped) and 7 (operating).\n"
    "JSON: {ret, errno}; without STATE ret is the state's number.";
constexpr absl::string_view kDecodeDetails =
    "Shows the records of 72 bytes in FILE (default: stdin), without a server.\n"
    "JSON: {irqs: [...]} or {summary: [...]}, as of get.";
constexpr absl::string_view kEncodeDetails =
    "Writes records, without a server. A word without '=' begins the next record; a\n"
    "comma or -- between records is allowed. TYPE and FIELD as of inject, all types.\n"
    "JSON: {irqs: [...]}, as of get.";
constexpr absl::string_view kHealthDetails =
    "Asks the server for an answer that needs no VM, and prints \"serving\"; ends with\n"
    "3 if there is none.\n"
    "JSON: {status: \"SERVING\"}.";

constexpr Command kCommands[] = {
    {"vm create", "[NAME]", 0, 1, "make a VM: --vcpus N, --profile P", kVmCreateDetails,
     kVmCreateOptions, VmCreate},
    {"vm list", "", 0, 0, "list the VMs", kVmListDetails, {}, VmList},
    {"vm delete", "VM", 1, 1, "remove a VM", kVmDeleteDetails, {}, VmDelete},
    {"vcpu create", "VM ID", 2, 2, "add a vCPU", kVcpuCreateDetails, {}, VcpuCreate},
    {"vcpu list", "VM", 1, 1, "list a VM's vCPUs", kVcpuListDetails, {}, VcpuList},
    {"inject",
     "VM VCPU TYPE [FIELD=VALUE]...",
     3,
     kAnyNumber,
     "make an interrupt pending",
     kInjectDetails,
     {},
     Inject},
    {"get", "VM VCPU", 2, 2, "show what is pending", kGetDetails, kGetOptions, Get},
    {"set", "VM VCPU [FILE]", 2, 3, "make a list pending", kSetDetails, kSetOptions, Set},
    {"reset", "VM VCPU normal|initial|clear", 3, 3, "reset a vCPU", kResetDetails, {}, Reset},
    {"mp-state",
     "VM VCPU [STATE]",
     2,
     3,
     "show, or set: stopped, operating",
     kMpStateDetails,
     {},
     MpState},
    {"decode", "[FILE]", 0, 1, "show a list, offline", kDecodeDetails, kDecodeOptions, Decode},
    {"encode", "TYPE [FIELD=VALUE]...", 1, kAnyNumber, "write a list, offline", kEncodeDetails,
     kEncodeOptions, Encode},
    {"health", "", 0, 0, "ask whether the server serves", kHealthDetails, {}, Health},
};

}  // namespace

absl::Span<const Command> Commands() { return kCommands; }

}  // namespace irqd::irqctl

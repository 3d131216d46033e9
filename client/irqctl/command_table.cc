// Every command with its arguments, options and help.
#include "client/irqctl/commands.h"
#include "client/irqctl/vectors_help.h"

namespace irqd::irqctl {
namespace {

constexpr Option kVmCreateOptions[] = {
    {"profile", "P",
     "what the host is: linux-6.1 or linux-4.1, sigpif, esca, gisa,\n"
     "or no-sigpif and so on, separated by commas\n"
     "(default: linux-6.1,sigpif,esca,no-gisa)"},
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

constexpr Option kGetAllOptions[] = {
    {"vcpu-ids", "LIST", "of these vCPUs, such as 0,5,8-11 (default: all)"},
    {"len", "N", "the ioctl's len in bytes for each (default: 20664, for all)"},
    {"one-instant", "", "all at one instant, while others go on injecting"},
    {"format", "F", "table (default) or hex, for set-all and inject-stream"},
    {"output", "FILE", "write to FILE"},
};

constexpr Option kInjectStreamOptions[] = {
    {"batch", "N", "records of one message (default: 64, most: 1024)"},
    {"repeat", "N", "inject the whole input N times"},
};

constexpr Option kFlicListOptions[] = {
    {"len", "N", "the ioctl's attr in bytes (default: 0x2000000, room for all)"},
    {"format", "F", "table (default), hex (a record a line) or raw"},
    {"summary", "", "a row per type"},
    {"output", "FILE", "write to FILE"},
};

constexpr Option kFlicEnqueueOptions[] = {
    {"file", "FILE", "where the records are (default: stdin)"},
    {"format", "F", "what is in FILE: raw or hex (default: hex if it is text)"},
};

constexpr Option kFlicAdapterOptions[] = {
    {"isc", "N", "register: its interruption subclass (default: 0)"},
    {"maskable", "", "register: it can be masked"},
    {"suppressible", "", "register: interruption suppression (flic ais) is for it"},
};

constexpr Option kDeliverOptions[] = {
    {"max", "N", "at most N interrupts (default, and most: 10000)"},
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
    "JSON: {name, id, host_profile, vcpu_count, floating_pending}.";
constexpr absl::string_view kVmListDetails =
    "Lists the VMs by ascending id. FLOATING is the kernel's pending word of floating\n"
    "interrupts, a glance.\n"
    "JSON: {vms: [{name, id, host_profile, vcpu_count, floating_pending}]}.";
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
    "given is zero. Floating interrupts are for flic enqueue. Types of a vCPU, and\n"
    "their fields:\n"
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
constexpr absl::string_view kGetAllDetails =
    "Shows what is pending on the vCPUs of a VM (KVM_S390_GET_IRQ_STATE on each, in\n"
    "one call) and clears nothing. Moves all of it to a VM elsewhere:\n"
    "\n"
    "  irqctl --target A get-all VM --one-instant --format hex > FILE\n"
    "  irqctl --target B set-all VM FILE\n"
    "\n"
    "JSON: {vcpus: [{id, ret, errno, irqs: [...]}]}, as of get.";
constexpr absl::string_view kSetAllDetails =
    "Makes the interrupts in FILE (default: stdin) pending, on each vCPU as a list\n"
    "(KVM_S390_SET_IRQ_STATE, in one call). A line for each: the vCPU, and its\n"
    "record as get-all --format hex writes it, or TYPE [FIELD=VALUE]... as of inject.\n"
    "One vCPU's error does not stop the others.\n"
    "JSON: {vcpus: [{id, ret, errno}]}.";
constexpr absl::string_view kInjectStreamDetails =
    "Makes the interrupts in FILE (default: stdin) pending, one after the other\n"
    "(KVM_S390_IRQ, many in a message), and says how many the kernel took, and with\n"
    "what it refused others. Lines as of set-all. --timeout is for all of it.\n"
    "JSON: {injected, refused: {ERRNO: count}}.";
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
constexpr absl::string_view kFlicListDetails =
    "Shows all floating interrupts of a VM (KVM_DEV_FLIC_GET_ALL_IRQS). Nothing is\n"
    "cleared but what a GISA holds, which is gone from it, as in the kernel. ENOMEM:\n"
    "--len is too small.\n"
    "JSON: {ret, errno, irqs: [...]}, or with --summary {ret, errno, summary: [...]},\n"
    "as of get; ret is the number of records.";
constexpr absl::string_view kFlicEnqueueDetails =
    "Makes floating interrupts pending (KVM_DEV_FLIC_ENQUEUE), one after the other up\n"
    "to the first that the kernel refuses, and says which vCPUs they wake. Each\n"
    "RECORD is TYPE [FIELD=VALUE]..., as of encode. Without a RECORD they are read\n"
    "as set does; whatever is in FILE goes to the kernel. Types, and their fields:\n"
    "\n"
    "  0 to 0xfffdffff     I/O: subchannel_id subchannel_nr io_int_parm io_int_word\n"
    "                      (its bits 2 to 4 are the ISC)\n"
    "  INT_SERVICE         ext_params\n"
    "  INT_VIRTIO          ext_params ext_params2\n"
    "  INT_PFAULT_DONE     ext_params2\n"
    "  MCHK                cr14 mcic\n"
    "\n"
    "JSON: {ret, errno, woken: [ID]}.";
constexpr absl::string_view kFlicClearDetails =
    "Removes all floating interrupts of a VM (KVM_DEV_FLIC_CLEAR_IRQS).\n"
    "JSON: {ret, errno, woken: []}.";
constexpr absl::string_view kFlicClearIoDetails =
    "Removes the I/O interrupt of a subchannel (KVM_DEV_FLIC_CLEAR_IO_IRQ), the\n"
    "oldest of the lowest ISC; none there is no error. ID and NR are subchannel_id\n"
    "and subchannel_nr, 0 to 0xffff; EINVAL if both are 0.\n"
    "JSON: {ret, errno, woken: []}.";
constexpr absl::string_view kFlicAdapterDetails =
    "Registers an I/O adapter (KVM_DEV_FLIC_ADAPTER_REGISTER), masks or unmasks it\n"
    "(KVM_DEV_FLIC_ADAPTER_MODIFY), or injects an adapter interrupt\n"
    "(KVM_DEV_FLIC_AIRQ_INJECT). ACTION is register, mask, unmask or inject; ID is\n"
    "0 to 63. EINVAL: no such adapter, registered already, or not maskable.\n"
    "JSON: {ret, errno, woken: [ID]}.";
constexpr absl::string_view kFlicAisDetails =
    "Adapter-interruption suppression, which needs KVM_CAP_S390_AIS:\n"
    "\n"
    "  flic ais VM enable           KVM_ENABLE_CAP; EBUSY once there are vCPUs\n"
    "  flic ais VM                  show each ISC's mode (KVM_DEV_FLIC_AISM_ALL)\n"
    "  flic ais VM ISC all|single   set one (KVM_DEV_FLIC_AISM)\n"
    "  flic ais VM simm=N nimm=N    set all, 0x80 is ISC 0 (KVM_DEV_FLIC_AISM_ALL)\n"
    "\n"
    "EOPNOTSUPP: not enabled.\n"
    "JSON: {ret, errno}; to show, with simm and nimm; to set, with woken.";
constexpr absl::string_view kDeliverDetails =
    "Delivers what the kernel would before the vCPU enters the guest, its own and\n"
    "floating interrupts, and shows what stays pending and what holds it back. Bits\n"
    "count from the left. Each interruption loads a new PSW mask: see registers.\n"
    "JSON: {ret, errno, delivered: [{type, name, MEMBER, data0, data1}], pending:\n"
    "[{type, name, isc, count, held_by}], more}; isc is there for I/O only; data0 and\n"
    "data1 are what the kernel's trace point says; more: --max ended it.";
constexpr absl::string_view kDeliverableDetails =
    "Shows what is pending for a vCPU, and what holds it back, and changes nothing.\n"
    "JSON: {pending: [...], has_irq, has_irq_besides_stop}, as of deliver.";
constexpr absl::string_view kStopInterceptDetails =
    "What the kernel does when a pending stop takes a vCPU out of the guest. 0:\n"
    "nothing, as something else is deliverable or no stop is pending. EOPNOTSUPP: the\n"
    "exit goes to userspace, and the vCPU is stopped unless somebody set a run state\n"
    "in this VM.\n"
    "JSON: {ret, errno}.";
constexpr absl::string_view kSigpDetails =
    "SIGNAL PROCESSOR: vCPU FROM gives vCPU TO an order, and prints condition code\n"
    "and status. ORDER is sense, external-call, emergency-signal, start, stop,\n"
    "restart, stop-and-store-status, initial-cpu-reset, cpu-reset, set-prefix (with\n"
    "the address as PARAMETER), or a number up to 255.\n"
    "JSON: {condition_code, status, status_names: [...]}.";
constexpr absl::string_view kRegistersDetails =
    "Shows, or sets, what decides about deliveries. With VCPU: psw_mask, cr0, cr6,\n"
    "cr14, clock_comparator, cpu_timer (both in units of 2^-12 microseconds), prefix.\n"
    "Without: tod_clock, which stands still until it is set, and the PSW masks that\n"
    "interruptions load: new_psw_restart, new_psw_external, new_psw_program,\n"
    "new_psw_machine_check, new_psw_io.\n"
    "JSON: {NAME: value}, strings \"0x...\", prefix a number; to set, {ret: 0}.";
constexpr absl::string_view kHealthDetails =
    "Asks the server as other health probes do (grpc.health.v1), and prints\n"
    "\"serving\"; ends with 3 if it is about to stop, or if there is none.\n"
    "JSON: {status: \"SERVING\" | \"NOT_SERVING\"}.";

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
    {"get-all", "VM", 1, 1, "show what is pending on all vCPUs", kGetAllDetails, kGetAllOptions,
     GetAll},
    {"set-all", "VM [FILE]", 1, 2, "make lists pending on many", kSetAllDetails, {}, SetAll},
    {"inject-stream", "VM [FILE]", 1, 2, "make many interrupts pending", kInjectStreamDetails,
     kInjectStreamOptions, InjectLines},
    {"flic list", "VM", 1, 1, "show floating interrupts", kFlicListDetails, kFlicListOptions,
     FlicList},
    {"flic enqueue", "VM [RECORD]...", 1, kAnyNumber, "make floating interrupts pending",
     kFlicEnqueueDetails, kFlicEnqueueOptions, FlicEnqueue},
    {"flic clear", "VM", 1, 1, "remove them all", kFlicClearDetails, {}, FlicClear},
    {"flic clear-io",
     "VM ID NR",
     3,
     3,
     "remove a subchannel's",
     kFlicClearIoDetails,
     {},
     FlicClearIo},
    {"flic adapter", "VM ID ACTION", 3, 3, "register, mask, unmask, inject", kFlicAdapterDetails,
     kFlicAdapterOptions, FlicAdapter},
    {"flic ais",
     "VM [MODES]...",
     1,
     3,
     "suppression of adapter interrupts",
     kFlicAisDetails,
     {},
     FlicAis},
    {"deliver", "VM VCPU", 2, 2, "deliver, show what stays and why", kDeliverDetails,
     kDeliverOptions, Deliver},
    {"deliverable",
     "VM VCPU",
     2,
     2,
     "show what would be, and why not",
     kDeliverableDetails,
     {},
     ShowDeliverable},
    {"registers",
     "VM [VCPU] [NAME=VALUE]...",
     1,
     kAnyNumber,
     "show or set masks and clocks",
     kRegistersDetails,
     {},
     Registers},
    {"sigp",
     "VM FROM TO ORDER [PARAMETER]",
     4,
     5,
     "one vCPU gives another an order",
     kSigpDetails,
     {},
     GiveOrder},
    {"stop-intercept",
     "VM VCPU",
     2,
     2,
     "let a pending stop take effect",
     kStopInterceptDetails,
     {},
     InterceptStop},
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
    {"vectors run", "[FILE]...", 0, kAnyNumber, "run recorded calls, compare answers",
     kVectorsRunDetails, kVectorsRunOptions, VectorsRun},
    {"capture", "FILE [-- COMMAND]...", 1, kAnyNumber, "record a live session as vectors",
     kCaptureDetails, kCaptureOptions, Capture},
    {"health", "", 0, 0, "ask whether the server serves", kHealthDetails, {}, Health},
};

}  // namespace

absl::Span<const Command> Commands() { return kCommands; }

}  // namespace irqd::irqctl

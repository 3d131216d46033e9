import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.StreamObserver;
import irqd.v1.BatchGrpc;
import irqd.v1.BatchOuterClass.InjectStreamRequest;
import irqd.v1.BatchOuterClass.InjectStreamResponse;
import irqd.v1.KvmGrpc;
import irqd.v1.KvmOuterClass.GetIrqStateRequest;
import irqd.v1.KvmOuterClass.GetIrqStateResponse;
import irqd.v1.KvmOuterClass.IrqStateArg;
import irqd.v1.KvmOuterClass.ResetRequest;
import irqd.v1.KvmOuterClass.S390IrqRequest;
import irqd.v1.KvmOuterClass.SetIrqStateRequest;
import irqd.v1.Resources.VcpuRef;
import irqd.v1.Resources.Vm;
import irqd.v1.Resources.VmRef;
import irqd.v1.VmsGrpc;
import irqd.v1.VmsOuterClass.CreateVcpuRequest;
import irqd.v1.VmsOuterClass.CreateVmRequest;
import irqd.v1.VmsOuterClass.DeleteVmRequest;
import irqd.v1.VmsOuterClass.GetVmRequest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The table of README.md in Java: code from the .proto files, and nothing of irqd's own. */
public final class Table {
  // What the kernel calls the types.
  private static final long SIGP_STOP = 0xfffe0000L;
  private static final long PROGRAM_INT = 0xfffe0001L;
  private static final long MCHK = 0xfffe1000L;
  private static final long EMERGENCY = 0xffff1201L;
  private static final long EXTERNAL_CALL = 0xffff1202L;

  private static final int RECORD_SIZE = 72;
  private static final int MAX_STATE = 20664; // always enough for a GET
  // Ids are unsigned: this is 18446744073709551615.
  private static final long NEVER_WAS = -1L;

  // Linux's number, whatever system this runs on. The kernel's errnos come as a negative ret, never
  // as a StatusRuntimeException: that one says that the call did not reach the kernel.
  private static final int ENOBUFS = 105;

  private final VmsGrpc.VmsBlockingStub vms;
  private final KvmGrpc.KvmBlockingStub kvm;
  private final BatchGrpc.BatchStub batch;

  private Table(ManagedChannel channel) {
    vms = VmsGrpc.newBlockingStub(channel);
    kvm = KvmGrpc.newBlockingStub(channel);
    batch = BatchGrpc.newStub(channel);
  }

  /** Takes one argument, such as 127.0.0.1:50051. */
  public static void main(String[] arguments) throws Exception {
    ManagedChannel channel = ManagedChannelBuilder.forTarget(arguments[0]).usePlaintext().build();
    try {
      new Table(channel).run();
    } finally {
      channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    }
  }

  private void run() throws Exception {
    Vm a = createVm(2, 3);
    try {
      print("create first=%d again=%d", createVcpu(a, 31), createVcpu(a, 31));
      inject(vcpu(a, 2));
      ByteString state = getTwice(vcpu(a, 2));
      int busy = set(vcpu(a, 2), state);
      print("set ret=%d kept=%s", busy, hex(get(vcpu(a, 2), MAX_STATE).getBuf()));
      move(vcpu(a, 2), state);
      stream(a, vcpu(a, 31));
      deadline("late-" + a.getId());
      unknown();
    } finally {
      delete(a);
    }
  }

  private void inject(VcpuRef vcpu) {
    ByteBuffer stop = record(SIGP_STOP).putInt(0x80000000);
    ByteBuffer emergency = record(EMERGENCY).putShort((short) 31);
    ByteBuffer machineCheck = record(MCHK)
        .putLong(1L << 28) // cr14
        .putLong(1L << 62) // mcic
        .putLong(0) // failing_storage_address
        .putInt(0xffffffff) // ext_damage_code
        .putInt(0x6e3d0ede) // pad
        .putLong(0x9889c330ffd225c9L).putLong(0xbdc73960b799895aL); // fixed_logout
    ByteBuffer program = record(PROGRAM_INT)
        .putLong(0) // trans_exc_code
        .putLong(0x8000) // mon_code
        .putLong(0x166e6a9c7b7dc9cbL) // per_address
        .putInt(0xa609ca) // data_exc_code
        .putShort((short) 0x10) // code
        .putShort((short) 0xdea1) // mon_class_nr
        .put(bytes(0x3e, 0x8c)) // per_code, per_atmid
        .put(bytes(0x86, 0xa7, 0x73)) // exc_access_id, per_access_id, op_access_id
        .put(bytes(0, 0x4c, 0x01)); // flags, pad
    List<Integer> rets = new ArrayList<>();
    for (ByteBuffer record : List.of(stop, emergency, machineCheck, program)) {
      S390IrqRequest request =
          S390IrqRequest.newBuilder().setVcpu(vcpu).setRecord(image(record)).build();
      rets.add(inAMinute(kvm).s390Irq(request).getRet());
    }
    print("inject ret=%s", list(rets));
  }

  private ByteString getTwice(VcpuRef vcpu) {
    GetIrqStateResponse small = get(vcpu, 2 * RECORD_SIZE);
    GetIrqStateResponse large = small.getRet() == -ENOBUFS ? get(vcpu, MAX_STATE) : small;
    print("get small=%d fitted=%s large=%d all=%s", small.getRet(), hex(small.getBuf()),
        large.getRet(), hex(large.getBuf()));
    return large.getBuf();
  }

  private void move(VcpuRef from, ByteString state) {
    Vm b = createVm(2, 3, 31);
    try {
      int set = set(vcpu(b, 2), state);
      String there = hex(get(vcpu(b, 2), MAX_STATE).getBuf());
      ResetRequest request =
          ResetRequest.newBuilder().setVcpu(from).setKind(ResetRequest.Kind.NORMAL).build();
      int reset = inAMinute(kvm).reset(request).getRet();
      int here = get(from, MAX_STATE).getRet();
      print("move set=%d there=%s reset=%d here=%d", set, there, reset, here);
    } finally {
      delete(b);
    }
  }

  private void stream(Vm vm, VcpuRef vcpu) throws Exception {
    CompletableFuture<List<String>> rets = new CompletableFuture<>();
    StreamObserver<InjectStreamRequest> requests =
        inAMinute(batch).injectStream(new Collector(rets));
    ByteString records = image(record(EMERGENCY).putShort((short) 2))
        .concat(image(record(EXTERNAL_CALL).putShort((short) 3)));
    InjectStreamRequest message = InjectStreamRequest.newBuilder()
        .setVm(VmRef.newBuilder().setId(vm.getId()))
        .addVcpuIds(vcpu.getVcpuId()) // one for all records
        .setRecords(records)
        .build();
    requests.onNext(message);
    requests.onNext(message);
    requests.onCompleted();
    String answers = String.join(";", rets.get());
    print("stream ret=%s pending=%s", answers, hex(get(vcpu, MAX_STATE).getBuf()));
  }

  /** Gathers the rets of a stream's answers, each as text. */
  private static final class Collector implements StreamObserver<InjectStreamResponse> {
    private final List<String> rets = new ArrayList<>();
    private final CompletableFuture<List<String>> done;

    Collector(CompletableFuture<List<String>> done) {
      this.done = done;
    }

    @Override public void onNext(InjectStreamResponse response) {
      rets.add(list(response.getRetList()));
    }

    @Override public void onError(Throwable error) {
      done.completeExceptionally(error);
    }

    @Override public void onCompleted() {
      done.complete(rets);
    }
  }

  private void deadline(String free) {
    CreateVmRequest create = CreateVmRequest.newBuilder().setName(free).build();
    GetVmRequest get = GetVmRequest.newBuilder().setVm(VmRef.newBuilder().setName(free)).build();
    VmsGrpc.VmsBlockingStub late = vms.withDeadlineAfter(-1, TimeUnit.SECONDS);
    print("deadline status=%s", status(() -> late.createVm(create)));
    print("untouched status=%s", status(() -> inAMinute(vms).getVm(get)));
  }

  private void unknown() throws InvalidProtocolBufferException {
    try {
      get(VcpuRef.newBuilder().setVmId(NEVER_WAS).build(), MAX_STATE);
      print("unknown status=OK");
    } catch (StatusRuntimeException e) {
      print("unknown status=%s", e.getStatus().getCode());
      UnknownFieldSet info = resourceInfo(e);
      print("details type=%s name=%s", text(info, 1), text(info, 2));
    }
  }

  /**
   * The google.rpc.ResourceInfo that a NOT_FOUND brings along. Debian has no Java classes of
   * google.rpc, but its messages' fields have numbers: see proto/google/rpc/error_details.proto.
   */
  private static UnknownFieldSet resourceInfo(StatusRuntimeException e)
      throws InvalidProtocolBufferException {
    byte[] trailer = e.getTrailers().get(
        Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER));
    UnknownFieldSet status = UnknownFieldSet.parseFrom(trailer);
    Any detail = Any.parseFrom(status.getField(3).getLengthDelimitedList().get(0));
    return UnknownFieldSet.parseFrom(detail.getValue());
  }

  private static String text(UnknownFieldSet message, int field) {
    return message.getField(field).getLengthDelimitedList().get(0).toStringUtf8();
  }

  // The calls that cases make more than once.

  private Vm createVm(Integer... vcpuIds) {
    CreateVmRequest request =
        CreateVmRequest.newBuilder().addAllVcpuIds(List.of(vcpuIds)).build();
    return inAMinute(vms).createVm(request);
  }

  private int createVcpu(Vm vm, int id) {
    VmRef ref = VmRef.newBuilder().setId(vm.getId()).build();
    CreateVcpuRequest request = CreateVcpuRequest.newBuilder().setVm(ref).setVcpuId(id).build();
    return inAMinute(vms).createVcpu(request).getRet();
  }

  private void delete(Vm vm) {
    VmRef ref = VmRef.newBuilder().setId(vm.getId()).build();
    inAMinute(vms).deleteVm(DeleteVmRequest.newBuilder().setVm(ref).build());
  }

  private GetIrqStateResponse get(VcpuRef vcpu, int len) {
    IrqStateArg arg = IrqStateArg.newBuilder().setLen(len).build();
    return inAMinute(kvm).getIrqState(
        GetIrqStateRequest.newBuilder().setVcpu(vcpu).setArg(arg).build());
  }

  private int set(VcpuRef vcpu, ByteString state) {
    IrqStateArg arg = IrqStateArg.newBuilder().setLen(state.size()).build();
    SetIrqStateRequest request =
        SetIrqStateRequest.newBuilder().setVcpu(vcpu).setArg(arg).setBuf(state).build();
    return inAMinute(kvm).setIrqState(request).getRet();
  }

  /** A stub's deadline counts from here, so each call takes a new one. */
  private static <S extends AbstractStub<S>> S inAMinute(S stub) {
    return stub.withDeadlineAfter(1, TimeUnit.MINUTES);
  }

  private static VcpuRef vcpu(Vm vm, int id) {
    return VcpuRef.newBuilder().setVmId(vm.getId()).setVcpuId(id).build();
  }

  /** An image of s390x memory, to be filled in: a ByteBuffer is big-endian by itself. */
  private static ByteBuffer record(long type) {
    return ByteBuffer.allocate(RECORD_SIZE).putLong(type);
  }

  private static ByteString image(ByteBuffer record) {
    return ByteString.copyFrom(record.array());
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  private static String status(Supplier<?> call) {
    try {
      call.get();
      return "OK";
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode().toString();
    }
  }

  private static String hex(ByteString bytes) {
    StringBuilder text = new StringBuilder();
    for (byte b : bytes) {
      text.append(String.format("%02x", b));
    }
    return text.toString();
  }

  private static String list(List<Integer> numbers) {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  private static void print(String format, Object... values) {
    System.out.println(String.format(format, values));
  }
}

/** struct kvm_device_attr. */
export interface DeviceAttr {
  flags?: number;
  /** KVM_DEV_FLIC_... */
  group: number;
  attr?: bigint | number;
  addr?: bigint | number;
}

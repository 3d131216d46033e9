"""A server that passes every call on to an irqd, but for those that it answers itself."""

from concurrent import futures

import grpc


class ForwardingServer(grpc.GenericRpcHandler):
    """`with ForwardingServer("unix:/…/irqd", "unix:/…/here", {"/irqd.v1.Kvm/Reset": b""}):`

    `answers` has responses by method; an empty one says that the call has succeeded.
    """

    def __init__(self, target, address, answers):
        self._channel = grpc.insecure_channel(target)
        self._answers = answers
        self._server = grpc.server(futures.ThreadPoolExecutor(max_workers=4))
        self._server.add_generic_rpc_handlers([self])
        self._server.add_insecure_port(address)

    def service(self, details):
        answer = self._answers.get(details.method)
        call = self._channel.unary_unary(details.method)

        def respond(request, context):
            if answer is not None:
                return answer
            try:
                return call(request, timeout=context.time_remaining())
            except grpc.RpcError as error:
                return context.abort(error.code(), error.details())

        return grpc.unary_unary_rpc_method_handler(respond)

    def __enter__(self):
        self._server.start()
        return self

    def __exit__(self, *_):
        self._server.stop(None).wait()
        self._channel.close()

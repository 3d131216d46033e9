#include "tests/client/mock_connection.h"

namespace irqd {

MockConnection::MockConnection() = default;
MockConnection::~MockConnection() = default;

}  // namespace irqd

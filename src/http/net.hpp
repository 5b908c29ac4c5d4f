#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>

/// The parts of Asio that the server is made of. Not for other rooms.
namespace stator::http::detail {

namespace asio = boost::asio;

using NetError = boost::system::error_code;

/// A stream socket of any family; the concrete executor spares a virtual call per operation.
using Socket =
    asio::basic_stream_socket<asio::generic::stream_protocol, asio::io_context::executor_type>;

}  // namespace stator::http::detail

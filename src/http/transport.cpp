#include "http/transport.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace stator::http::detail {

namespace {
/// What one record of TLS carries.
constexpr std::size_t kRecordBytes = 16384;
}  // namespace

Io Transport::read(std::span<char> into, std::size_t& count) {
  if (tls_ != nullptr) {
    const auto io = tls_->read(into, count);
    has_unread_ = io == Io::kDone && tls_->has_unread();
    return io;
  }
  for (;;) {
    const auto got = ::recv(socket_.native_handle(), into.data(), into.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    has_unread_ = got == static_cast<ssize_t>(into.size());
    if (got == 0) return Io::kEnd;
    if (got < 0) return errno == EAGAIN || errno == EWOULDBLOCK ? Io::kAgain : Io::kFailed;
    count = static_cast<std::size_t>(got);
    return Io::kDone;
  }
}

Io Transport::handshake() {
  const auto io = tls_->handshake();
  // The first request may have come with the client's last word.
  has_unread_ = io == Io::kDone && tls_->has_unread();
  return io;
}

Io Transport::write(std::span<const iovec> vectors, std::size_t& count) {
  if (tls_ != nullptr) return write_sealed(vectors, count);
  msghdr message{};
  message.msg_iov = const_cast<iovec*>(vectors.data());
  message.msg_iovlen = vectors.size();
  for (;;) {
    const auto sent = ::sendmsg(socket_.native_handle(), &message, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return errno == EAGAIN || errno == EWOULDBLOCK ? Io::kAgain : Io::kFailed;
    count = static_cast<std::size_t>(sent);
    return Io::kDone;
  }
}

Io Transport::write_sealed(std::span<const iovec> vectors, std::size_t& count) {
  if (tls_->has_unsent()) {
    if (const auto io = tls_->flush(); io != Io::kDone) return io;
  }
  // A head and its body go into one record.
  std::array<char, kRecordBytes> gathered;
  std::size_t size = 0;
  for (const auto& vector : vectors) {
    const auto taken = std::min(vector.iov_len, gathered.size() - size);
    std::memcpy(gathered.data() + size, vector.iov_base, taken);
    size += taken;
    if (size == gathered.size()) break;
  }
  return tls_->write({gathered.data(), size}, count);
}

void Transport::shut_sending() {
  if (tls_ != nullptr) tls_->shut();
  NetError ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
}

void Transport::set_reset() {
  is_reset_ = true;
  NetError ignored;
  socket_.set_option(asio::socket_base::linger(true, 0), ignored);
}

void Transport::close() {
  // A clean end, but not of an answer that is cut.
  if (tls_ != nullptr && !is_reset_) tls_->shut();
  NetError ignored;
  socket_.close(ignored);
}

}  // namespace stator::http::detail

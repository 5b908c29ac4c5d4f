#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "http/message.hpp"

namespace stator::http {

class Responder;

/// Takes the body of one request as it arrives. Calls come on the loop of its connection, one at a
/// time: any number of write(), then either end() or broken(), once. Must not block or throw.
class BodySink {
 public:
  /// Lets the body go on after a write() that has stopped it; any thread, more than once if need
  /// be.
  using Resume = std::function<void()>;

  virtual ~BodySink() = default;
  /// A piece of at most 16 KiB. False stops the reading until `resume` is called; what has been
  /// read by then comes all the same.
  [[nodiscard]] virtual bool write(std::string_view piece, const Resume& resume) = 0;
  /// The body is whole. Now the request is answered, as by a Handler.
  virtual void end(Headers trailers, Responder responder) = 0;
  /// The connection broke, or the body was malformed.
  virtual void broken() = 0;
};

/// Looks at a request whose head has come and whose body has not: a sink to take the body piece by
/// piece, or null to have it gathered for the Handler. No bound on the body's size or time applies
/// to a sink, which sets its own.
using SinkChooser = std::function<std::shared_ptr<BodySink>(const Request& head)>;

}  // namespace stator::http

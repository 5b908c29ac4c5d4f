#pragma once

#include <mutex>
#include <ostream>
#include <streambuf>
#include <string>

namespace stator::cli {

/// Lets many threads write whole lines to one stream: each has a LineBuffer of its own, and they
/// share the mutex. What has no end yet is kept until the line ends or the stream is flushed.
class LineBuffer final : public std::streambuf {
 public:
  LineBuffer(std::ostream& out, std::mutex& mutex) : out_(out), mutex_(mutex) {}
  ~LineBuffer() override { sync(); }

 protected:
  int overflow(int c) override;
  std::streamsize xsputn(const char* text, std::streamsize size) override;
  int sync() override;

 private:
  void write(std::size_t size);

  std::ostream& out_;
  std::mutex& mutex_;
  std::string kept_;
};

}  // namespace stator::cli

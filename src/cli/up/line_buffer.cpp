#include "cli/up/line_buffer.hpp"

namespace stator::cli {

void LineBuffer::write(std::size_t size) {
  const std::lock_guard lock(mutex_);
  out_.write(kept_.data(), static_cast<std::streamsize>(size));
  out_.flush();
  kept_.erase(0, size);
}

int LineBuffer::overflow(int c) {
  if (c == traits_type::eof()) return 0;
  const char one = static_cast<char>(c);
  return xsputn(&one, 1) == 1 ? c : traits_type::eof();
}

std::streamsize LineBuffer::xsputn(const char* text, std::streamsize size) {
  kept_.append(text, static_cast<std::size_t>(size));
  if (const auto end = kept_.rfind('\n'); end != std::string::npos) write(end + 1);
  return size;
}

int LineBuffer::sync() {
  if (!kept_.empty()) write(kept_.size());
  return 0;
}

}  // namespace stator::cli

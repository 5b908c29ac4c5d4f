#include "sandbox/protocol.hpp"

#include <cstring>
#include <type_traits>
#include <utility>

namespace stator::sandbox {
namespace {

class Writer {
 public:
  template <class T>
  requires std::is_arithmetic_v<T>
  void number(T value) { out_.append(reinterpret_cast<const char*>(&value), sizeof value); }
  void text(std::string_view value) {
    number(static_cast<std::uint32_t>(value.size()));
    out_ += value;
  }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

/// Reads never run past the end; the first short read makes all later ones yield zeros.
class Reader {
 public:
  explicit Reader(std::string_view in) : in_(in) {}

  template <class T>
  requires std::is_arithmetic_v<T> T number() {
    T value{};
    if (in_.size() < sizeof value) return fail(), T{};
    std::memcpy(&value, in_.data(), sizeof value);
    in_.remove_prefix(sizeof value);
    return value;
  }
  bool flag() {
    const auto byte = number<std::uint8_t>();
    if (byte > 1) fail();
    return byte == 1;
  }
  std::string text() {
    const auto size = number<std::uint32_t>();
    if (in_.size() < size) return fail(), std::string();
    std::string value(in_.substr(0, size));
    in_.remove_prefix(size);
    return value;
  }
  /// A count of things that follow, at most `max`.
  std::size_t count(std::size_t max) {
    const auto value = number<std::uint32_t>();
    if (value > max) return fail(), 0;
    return value;
  }
  template <class Enum>
  Enum enumerator(Enum last) {
    const auto value = number<std::uint8_t>();
    if (value > static_cast<std::uint8_t>(last)) fail();
    return static_cast<Enum>(value);
  }
  void fail() {
    failed_ = true;
    in_ = {};
  }
  [[nodiscard]] bool complete() const { return !failed_ && in_.empty(); }

 private:
  std::string_view in_;
  bool failed_ = false;
};

template <class Enum>
void write_enum(Writer& out, Enum value) {
  out.number(static_cast<std::uint8_t>(value));
}

void write(Writer& out, const Spec& spec) {
  out.text(spec.name);
  out.text(spec.code.native());
  out.number(static_cast<std::uint32_t>(spec.layers.size()));
  for (const auto& layer : spec.layers) out.text(layer.native());
  out.number(static_cast<std::uint32_t>(spec.mounts.size()));
  for (const auto& mount : spec.mounts) {
    out.text(mount.directory.native());
    out.text(mount.inside);
  }
  out.number(static_cast<std::uint32_t>(spec.argv.size()));
  for (const auto& argument : spec.argv) out.text(argument);
  out.number(static_cast<std::uint32_t>(spec.companions.size()));
  for (const auto& companion : spec.companions) {
    out.number(static_cast<std::uint32_t>(companion.size()));
    for (const auto& argument : companion) out.text(argument);
  }
  out.number(static_cast<std::uint32_t>(spec.environment.size()));
  for (const auto& [name, value] : spec.environment) {
    out.text(name);
    out.text(value);
  }
  out.text(spec.working_directory);
  out.number(spec.memory_bytes_max);
  out.number(spec.tmp_bytes_max);
  out.number(spec.cpu_millis);
  out.number<std::uint8_t>(spec.is_cpu_capped);
  out.number(spec.processes_max);
  out.number(spec.files_max);
  out.number(static_cast<std::uint32_t>(spec.ports.size()));
  for (const Port port : spec.ports) out.number(port.number);
  write_enum(out, spec.network);
  out.number(spec.connectors);
}

Spec read_spec(Reader& in) {
  Spec spec;
  spec.name = in.text();
  spec.code = in.text();
  spec.layers.resize(in.count(kLayersMax));
  for (auto& layer : spec.layers) layer = in.text();
  spec.mounts.resize(in.count(kMountPoints.size()));
  for (auto& mount : spec.mounts) {
    mount.directory = in.text();
    mount.inside = in.text();
  }
  spec.argv.resize(in.count(kStringsMax));
  for (auto& argument : spec.argv) argument = in.text();
  spec.companions.resize(in.count(kCompanionsMax));
  for (auto& companion : spec.companions) {
    companion.resize(in.count(kStringsMax));
    for (auto& argument : companion) argument = in.text();
  }
  spec.environment.resize(in.count(kStringsMax));
  for (auto& [name, value] : spec.environment) {
    name = in.text();
    value = in.text();
  }
  spec.working_directory = in.text();
  spec.memory_bytes_max = in.number<std::uint64_t>();
  spec.tmp_bytes_max = in.number<std::uint64_t>();
  spec.cpu_millis = in.number<std::uint32_t>();
  spec.is_cpu_capped = in.flag();
  spec.processes_max = in.number<std::uint32_t>();
  spec.files_max = in.number<std::uint32_t>();
  spec.ports.resize(in.count(kPortsMax));
  for (Port& port : spec.ports) port.number = in.number<std::uint16_t>();
  spec.network = in.enumerator(Network::kHost);
  spec.connectors = static_cast<std::uint32_t>(in.count(kPortsMax));
  return spec;
}

void write(Writer& out, const Hello& hello) {
  write_enum(out, hello.capabilities.isolation);
  out.number<std::uint8_t>(hello.capabilities.has_network_namespace);
  out.number<std::uint8_t>(hello.capabilities.has_memory_cgroup);
  out.number<std::uint8_t>(hello.capabilities.has_cpu_cgroup);
  out.text(hello.capabilities.internet_lacks);
  out.text(hello.capabilities.detail);
  out.text(hello.error);
}
void write(Writer& out, const Start& start) {
  out.number(start.id);
  write(out, start.spec);
}
void write(Writer& out, const Started& started) {
  out.number(started.id);
  out.number(started.pid);
  out.number(started.listeners);
  out.number(started.connectors);
  out.number<std::uint8_t>(started.has_kit);
  out.number<std::uint8_t>(started.has_memory_file);
}
void write(Writer& out, const Failed& failed) {
  out.number(failed.id);
  write_enum(out, failed.code);
  out.text(failed.message);
}
void write(Writer& out, const Kill& kill) {
  out.number(kill.id);
}
void write(Writer& out, const Terminate& terminate) {
  out.number(terminate.id);
}
void write(Writer& out, const Exited& exited) {
  out.number(exited.id);
  out.number<std::int32_t>(exited.exit.status);
  out.number(exited.exit.companion);
  out.number(exited.exit.peak_memory_bytes);
  out.number<std::uint8_t>(exited.exit.out_of_memory);
}

Message read_body(Reader& in, std::size_t type) {
  switch (type) {
    case 0: {
      Hello hello;
      hello.capabilities.isolation = in.enumerator(Isolation::kProcess);
      hello.capabilities.has_network_namespace = in.flag();
      hello.capabilities.has_memory_cgroup = in.flag();
      hello.capabilities.has_cpu_cgroup = in.flag();
      hello.capabilities.internet_lacks = in.text();
      hello.capabilities.detail = in.text();
      hello.error = in.text();
      return hello;
    }
    case 1: {
      Start start{in.number<std::uint64_t>(), {}};
      start.spec = read_spec(in);
      return start;
    }
    case 2: {
      Started started{in.number<std::uint64_t>()};
      started.pid = in.number<std::int32_t>();
      started.listeners = static_cast<std::uint32_t>(in.count(kPortsMax));
      started.connectors = static_cast<std::uint32_t>(in.count(kPortsMax));
      started.has_kit = in.flag();
      started.has_memory_file = in.flag();
      return started;
    }
    case 3: {
      Failed failed{in.number<std::uint64_t>()};
      failed.code = in.enumerator(ErrorCode::kInternal);
      failed.message = in.text();
      return failed;
    }
    case 4:
      return Kill{in.number<std::uint64_t>()};
    case 5: {
      Exited exited{in.number<std::uint64_t>(), {}};
      exited.exit.status = in.number<std::int32_t>();
      exited.exit.companion = in.number<std::uint32_t>();
      exited.exit.peak_memory_bytes = in.number<std::uint64_t>();
      exited.exit.out_of_memory = in.flag();
      return exited;
    }
    case 6:
      return Terminate{in.number<std::uint64_t>()};
    default:
      in.fail();
      return Kill{};
  }
}

bool within_bounds(const Message& message) {
  const auto* start = std::get_if<Start>(&message);
  if (start == nullptr) return true;
  const Spec& spec = start->spec;
  return spec.layers.size() <= kLayersMax && spec.mounts.size() <= kMountPoints.size() &&
         spec.ports.size() + spec.connectors <= kPortsMax &&
         spec.companions.size() <= kCompanionsMax && spec.argv.size() <= kStringsMax &&
         spec.environment.size() <= kStringsMax;
}

}  // namespace

Result<std::string> encode(const Message& message) {
  if (!within_bounds(message)) {
    return invalid("too many layers, ports, arguments or environment variables for one sandbox");
  }
  Writer out;
  out.number(kProtocolVersion);
  out.number(static_cast<std::uint8_t>(message.index()));
  std::visit([&out](const auto& body) { write(out, body); }, message);
  std::string packet = out.take();
  if (packet.size() > kMessageBytesMax) {
    return invalid("the program's arguments and environment are larger than " +
                   std::to_string(kMessageBytesMax) + " bytes");
  }
  return packet;
}

Result<Message> decode(std::string_view packet) {
  if (packet.size() > kMessageBytesMax) return invalid("launcher message is too large");
  Reader in(packet);
  if (in.number<std::uint8_t>() != kProtocolVersion) {
    return invalid("launcher and server are of different versions of stator");
  }
  const auto type = in.number<std::uint8_t>();
  Message message = read_body(in, type);
  if (!in.complete()) return invalid("malformed launcher message of type " + std::to_string(type));
  return message;
}

}  // namespace stator::sandbox

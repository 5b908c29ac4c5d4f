#include "core/tls.hpp"

#include <dlfcn.h>
#include <unistd.h>

#include <array>

#include "core/text.hpp"

namespace stator::sdk {
namespace {

// The few names of OpenSSL 3 that a client needs, declared here and found by dlsym: the library
// is optional, and so are its headers.
struct Ssl;
struct SslContext;
struct SslMethod;
struct Bio;
struct BioMethod;

constexpr int kVerifyPeer = 1;
constexpr int kErrorWantRead = 2;
constexpr int kErrorWantWrite = 3;
constexpr int kErrorZeroReturn = 6;
constexpr int kCtrlSetMinProtocol = 123;
constexpr int kCtrlSetServerName = 55;
constexpr int kBioCtrlPending = 10;
constexpr long kTls12 = 0x0303;

struct OpenSsl {
  const SslMethod* (*client_method)();
  SslContext* (*context_new)(const SslMethod*);
  long (*context_ctrl)(SslContext*, int, long, void*);
  void (*context_set_verify)(SslContext*, int, int (*)(int, void*));
  int (*context_load_verify_file)(SslContext*, const char*);
  Ssl* (*ssl_new)(SslContext*);
  void (*ssl_free)(Ssl*);
  long (*ssl_ctrl)(Ssl*, int, long, void*);
  int (*ssl_set_host)(Ssl*, const char*);
  void (*ssl_set_bio)(Ssl*, Bio*, Bio*);
  int (*ssl_connect)(Ssl*);
  int (*ssl_read)(Ssl*, void*, int);
  int (*ssl_write)(Ssl*, const void*, int);
  int (*ssl_get_error)(const Ssl*, int);
  long (*ssl_verify_result)(const Ssl*);
  const char* (*verify_text)(long);
  const BioMethod* (*bio_memory)();
  Bio* (*bio_new)(const BioMethod*);
  int (*bio_read)(Bio*, void*, int);
  int (*bio_write)(Bio*, const void*, int);
  long (*bio_ctrl)(Bio*, int, long, void*);
  unsigned long (*next_error)();
  void (*error_text)(unsigned long, char*, std::size_t);
};

template <class Function>
bool find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  return function != nullptr;
}

bool find_all(void* lib, OpenSsl& ssl) {
  return find(lib, "TLS_client_method", ssl.client_method) &&
         find(lib, "SSL_CTX_new", ssl.context_new) && find(lib, "SSL_CTX_ctrl", ssl.context_ctrl) &&
         find(lib, "SSL_CTX_set_verify", ssl.context_set_verify) &&
         find(lib, "SSL_CTX_load_verify_file", ssl.context_load_verify_file) &&
         find(lib, "SSL_new", ssl.ssl_new) && find(lib, "SSL_free", ssl.ssl_free) &&
         find(lib, "SSL_ctrl", ssl.ssl_ctrl) && find(lib, "SSL_set1_host", ssl.ssl_set_host) &&
         find(lib, "SSL_set_bio", ssl.ssl_set_bio) && find(lib, "SSL_connect", ssl.ssl_connect) &&
         find(lib, "SSL_read", ssl.ssl_read) && find(lib, "SSL_write", ssl.ssl_write) &&
         find(lib, "SSL_get_error", ssl.ssl_get_error) &&
         find(lib, "SSL_get_verify_result", ssl.ssl_verify_result) &&
         find(lib, "X509_verify_cert_error_string", ssl.verify_text) &&
         find(lib, "BIO_s_mem", ssl.bio_memory) && find(lib, "BIO_new", ssl.bio_new) &&
         find(lib, "BIO_read", ssl.bio_read) && find(lib, "BIO_write", ssl.bio_write) &&
         find(lib, "BIO_ctrl", ssl.bio_ctrl) && find(lib, "ERR_get_error", ssl.next_error) &&
         find(lib, "ERR_error_string_n", ssl.error_text);
}

std::string trust_store() {
  for (const char* name : {"AWS_CA_BUNDLE", "SSL_CERT_FILE"}) {
    if (std::string path = environment(name); !path.empty()) return path;
  }
  for (const char* path : {"/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/certs/ca-certificates.crt",
                           "/etc/ssl/cert.pem", "/opt/etc/ca-bundle.crt"}) {
    if (access(path, R_OK) == 0) return path;
  }
  return {};
}

Failure tls_failure(std::string message) {
  return {STATOR1_CONFIGURATION, "TLS: " + std::move(message)};
}

struct Library {
  OpenSsl ssl{};
  SslContext* context = nullptr;
  Failure failure;  ///< when there is no context
};

Library load() {
  Library library;
  // libssl's own dependency on libcrypto makes the latter's names visible through this handle.
  void* const handle = dlopen("libssl.so.3", RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr || !find_all(handle, library.ssl)) {
    library.failure = tls_failure(
        "an https endpoint needs libssl.so.3 (OpenSSL 3), in the layer "
        "or on the system: " +
        std::string(handle == nullptr ? dlerror() : "a name is missing"));
    return library;
  }
  const std::string store = trust_store();
  if (store.empty()) {
    library.failure = tls_failure("no certificate bundle found; name one in AWS_CA_BUNDLE");
    return library;
  }
  SslContext* const context = library.ssl.context_new(library.ssl.client_method());
  if (context == nullptr || library.ssl.context_load_verify_file(context, store.c_str()) != 1) {
    library.failure = tls_failure("the certificate bundle " + store + " cannot be read");
    return library;
  }
  library.ssl.context_ctrl(context, kCtrlSetMinProtocol, kTls12, nullptr);
  library.ssl.context_set_verify(context, kVerifyPeer, nullptr);
  library.context = context;  // lives as long as the process, as the library does
  return library;
}

const Library& library() {
  static const Library loaded = load();
  return loaded;
}

// TLS between two memory BIOs, with the bytes carried by a plain stream: deadlines stay the
// stream's, and no write of OpenSSL's can raise SIGPIPE.
class TlsStream final : public Stream {
 public:
  TlsStream(const Library& library, std::unique_ptr<Stream> plain)
      : api_(library.ssl),
        plain_(std::move(plain)),
        ssl_(api_.ssl_new(library.context)),
        in_(api_.bio_new(api_.bio_memory())),
        out_(api_.bio_new(api_.bio_memory())) {}
  TlsStream(const TlsStream&) = delete;
  TlsStream& operator=(const TlsStream&) = delete;
  ~TlsStream() override { api_.ssl_free(ssl_); }

  Outcome<void> handshake(const std::string& host, Deadline deadline) {
    api_.ssl_set_bio(ssl_, in_, out_);
    std::string name = host;
    api_.ssl_ctrl(ssl_, kCtrlSetServerName, 0, name.data());
    if (api_.ssl_set_host(ssl_, host.c_str()) != 1) return tls_failure("bad host name " + host);
    auto done = drive([this] { return api_.ssl_connect(ssl_); }, deadline);
    if (!done) return done.error();
    return *done > 0 ? Outcome<void>() : Failure{STATOR1_UNAVAILABLE, "TLS: closed"};
  }

  Outcome<void> send(std::string_view bytes, Deadline deadline) override {
    constexpr std::size_t kPart = 1 << 20;
    for (; !bytes.empty(); bytes.remove_prefix(std::min(kPart, bytes.size()))) {
      const std::string_view part = bytes.substr(0, kPart);
      auto sent =
          drive([&] { return api_.ssl_write(ssl_, part.data(), static_cast<int>(part.size())); },
                deadline);
      if (!sent) return sent.error();
    }
    return {};
  }

  Outcome<std::size_t> receive(char* out, std::size_t size, Deadline deadline) override {
    const int want = static_cast<int>(std::min<std::size_t>(size, 1 << 20));
    auto got = drive([&] { return api_.ssl_read(ssl_, out, want); }, deadline);
    if (!got) return got.error();
    return static_cast<std::size_t>(*got);
  }

  bool is_stale() override { return plain_->is_stale(); }

 private:
  // Repeats one step until it is done, feeding and draining it; 0 at the end of the stream.
  template <class Step>
  Outcome<int> drive(const Step& step, Deadline deadline) {
    for (;;) {
      while (api_.next_error() != 0) continue;
      const int done = step();
      const int error = done > 0 ? 0 : api_.ssl_get_error(ssl_, done);
      if (auto flushed = flush(deadline); !flushed) return flushed.error();
      if (done > 0) return done;
      if (error == kErrorZeroReturn) return 0;
      if (error != kErrorWantRead && error != kErrorWantWrite) return why();
      auto fed = feed(deadline);
      if (!fed) return fed.error();
      if (*fed == 0) return Failure{STATOR1_UNAVAILABLE, "TLS: cut off without its end"};
    }
  }

  Outcome<void> flush(Deadline deadline) {
    std::array<char, 16384> buffer;
    while (api_.bio_ctrl(out_, kBioCtrlPending, 0, nullptr) > 0) {
      const int got = api_.bio_read(out_, buffer.data(), static_cast<int>(buffer.size()));
      if (got <= 0) break;
      auto sent = plain_->send({buffer.data(), static_cast<std::size_t>(got)}, deadline);
      if (!sent) return sent;
    }
    return {};
  }

  Outcome<std::size_t> feed(Deadline deadline) {
    std::array<char, 16384> buffer;
    auto got = plain_->receive(buffer.data(), buffer.size(), deadline);
    if (got && *got > 0) api_.bio_write(in_, buffer.data(), static_cast<int>(*got));
    return got;
  }

  Failure why() {
    if (const long verdict = api_.ssl_verify_result(ssl_); verdict != 0) {
      return tls_failure(std::string("the certificate is refused: ") + api_.verify_text(verdict));
    }
    std::array<char, 256> text{};
    api_.error_text(api_.next_error(), text.data(), text.size());
    return {STATOR1_UNAVAILABLE, std::string("TLS: ") + text.data()};
  }

  const OpenSsl& api_;
  const std::unique_ptr<Stream> plain_;
  Ssl* const ssl_;
  Bio* in_ = nullptr;  // both belong to ssl_
  Bio* out_ = nullptr;
};

}  // namespace

Outcome<std::unique_ptr<Stream>> start_tls(std::unique_ptr<Stream> plain, const std::string& host,
                                           Deadline deadline) {
  if (library().context == nullptr) return library().failure;
  auto stream = std::make_unique<TlsStream>(library(), std::move(plain));
  if (auto done = stream->handshake(host, deadline); !done) return done.error();
  return std::unique_ptr<Stream>(std::move(stream));
}

}  // namespace stator::sdk

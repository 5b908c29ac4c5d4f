#include <gtest/gtest.h>

#include <optional>

#include "http/server.hpp"
#include "http/test_tls.hpp"

namespace stator::http {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kGet = "GET /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";

class TlsServer : public testing::Test {
 protected:
  void serve(TlsChooser chooser, ServerOptions options = {}) {
    options.loops = 2;
    options.tls = std::move(chooser);
    server_.emplace(
        std::move(options),
        [](Request&& request, Responder responder) {
          const auto& client = request.client_certificate;
          Response response;
          response.body = std::string(request.is_secure ? "secure" : "plain") + " " +
                          request.server_name + " " + (client ? client->subject : "nobody") + " " +
                          std::to_string(request.body.size());
          if (request.target == "/big") response.body.assign(20'000'000, 'y');
          std::move(responder).send(std::move(response));
        },
        clock_, logger_);
    server_->start();
  }
  void serve() {
    serve([context = own_.context()](std::string_view) { return context; });
  }
  [[nodiscard]] TestTls connect(const TestTlsOptions& options = {}) const {
    return TestTls(server_->tls_port(), options);
  }

  SystemClock clock_;
  log::Logger logger_{clock_, log::Level::kError, [](std::string_view) {}};
  const TestCertificate own_{"own", "localhost"};
  std::optional<Server> server_;
};

TEST_F(TlsServer, ServesBesideThePlainListener) {
  serve();
  auto client = connect({.server_name = "A.Localhost"});
  ASSERT_TRUE(client.is_up()) << client.error();
  client.send(kGet);
  const auto answer = client.read_all();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n")) << answer;
  EXPECT_TRUE(answer.ends_with("\r\n\r\nsecure a.localhost nobody 0")) << answer;
  EXPECT_EQ(client.error(), "") << "the end was not a clean one";
  TestSocket plain(server_->port());
  plain.send(kGet);
  EXPECT_TRUE(plain.read_all().ends_with("\r\n\r\nplain  nobody 0"));
}

TEST_F(TlsServer, KeepsTheConnectionAndTakesBytesAsTheyCome) {
  serve();
  auto client = connect();
  for (int i = 0; i < 3; ++i) {
    for (const char byte :
         std::string_view("PUT /x HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi")) {
      client.send(std::string_view(&byte, 1));
    }
    EXPECT_TRUE(client.read_to("secure  nobody 2").starts_with("HTTP/1.1 200 "));
  }
}

TEST_F(TlsServer, ReadsARequestThatComesWithTheHandshakesEnd) {
  serve();
  const std::unique_ptr<SSL_CTX, decltype(&::SSL_CTX_free)> context(
      ::SSL_CTX_new(::TLS_client_method()), &::SSL_CTX_free);
  const std::unique_ptr<SSL, decltype(&::SSL_free)> ssl(::SSL_new(context.get()), &::SSL_free);
  BIO* in = ::BIO_new(::BIO_s_mem());
  BIO* out = ::BIO_new(::BIO_s_mem());
  ::SSL_set_bio(ssl.get(), in, out);
  TestSocket socket(server_->tls_port());
  const auto send = [&] {
    char* bytes = nullptr;
    const auto size = BIO_get_mem_data(out, &bytes);
    socket.send({bytes, static_cast<std::size_t>(size)});
    (void)BIO_reset(out);
  };
  const auto receive = [&] {
    const auto bytes = socket.read_some();
    return ::BIO_write(in, bytes.data(), static_cast<int>(bytes.size())) > 0;
  };
  while (::SSL_connect(ssl.get()) != 1) {
    send();
    ASSERT_TRUE(receive());
  }
  ASSERT_GT(::SSL_write(ssl.get(), kGet.data(), static_cast<int>(kGet.size())), 0);
  send();  // what ends the handshake, and the request
  char answer[12] = "";
  while (::SSL_read(ssl.get(), answer, sizeof(answer)) <= 0) ASSERT_TRUE(receive());
  EXPECT_EQ(std::string_view(answer, 12), "HTTP/1.1 200");
}

TEST_F(TlsServer, CarriesLargeBodiesBothWays) {
  serve();
  auto client = connect();
  const std::string body(5'000'000, 'x');
  client.send("PUT /x HTTP/1.1\r\nHost: h\r\nContent-Length: 5000000\r\n\r\n" + body);
  EXPECT_TRUE(client.read_to("secure  nobody 5000000").starts_with("HTTP/1.1 200 "));
  client.send("GET /big HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(client.read_all().ends_with("\r\n\r\n" + std::string(20'000'000, 'y')));
}

TEST_F(TlsServer, ShowsTheIdentityOfTheNameThatIsAskedFor) {
  const TestCertificate other("other", "other");
  serve([own = own_.context(), second = other.context()](std::string_view name) {
    return name == "other" ? second : name == "unknown" ? nullptr : own;
  });
  EXPECT_EQ(connect({.server_name = "other"}).server(), "other");
  EXPECT_EQ(connect({.server_name = "any"}).server(), "own");
  EXPECT_EQ(connect().server(), "own");
  const auto refused = connect({.server_name = "unknown"});
  EXPECT_FALSE(refused.is_up());
  EXPECT_EQ(refused.error(), "tlsv1 unrecognized name");
}

TEST_F(TlsServer, SpeaksOnlyVersionsThatAreGood) {
  auto strict = make_tls_context(
      {.certificate_chain = own_.pem(), .private_key = own_.key_pem(), .is_tls13_only = true});
  ASSERT_TRUE(strict);
  serve([own = own_.context(), strict = *strict](std::string_view name) {
    return name == "strict" ? strict : own;
  });
  EXPECT_FALSE(connect({.version_max = TLS1_1_VERSION}).is_up());
  const auto old = connect({.version_max = TLS1_2_VERSION});
  EXPECT_STREQ(::SSL_get_version(old.ssl()), "TLSv1.2");
  const std::string_view cipher = ::SSL_get_cipher_name(old.ssl());
  EXPECT_TRUE(cipher.starts_with("ECDHE-")) << cipher;
  EXPECT_STREQ(::SSL_get_version(connect().ssl()), "TLSv1.3");
  EXPECT_FALSE(connect({.server_name = "strict", .version_max = TLS1_2_VERSION}).is_up());
  EXPECT_TRUE(connect({.server_name = "strict"}).is_up());
}

TEST_F(TlsServer, RefusesRenegotiation) {
  serve();
  const auto client = connect({.version_max = TLS1_2_VERSION});
  ASSERT_TRUE(client.is_up());
  ::SSL_renegotiate(client.ssl());
  EXPECT_NE(::SSL_do_handshake(client.ssl()), 1);
}

TEST_F(TlsServer, ChoosesTheProtocol) {
  serve();
  EXPECT_EQ(connect({.protocols = "\x08http/1.1"}).protocol(), "http/1.1");
  EXPECT_EQ(connect().protocol(), "");
  EXPECT_FALSE(connect({.protocols = "\x06spdy/3"}).is_up());
}

TEST_F(TlsServer, ResumesSessionsOnAnyLoop) {
  serve();
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    auto first = connect({.version_max = version});
    first.send(kGet);
    first.read_all();  // TLS 1.3 sends its ticket behind the handshake
    SSL_SESSION* session = ::SSL_get1_session(first.ssl());
    for (int i = 0; i < 4; ++i) {
      const auto again = connect({.version_max = version, .session = session});
      EXPECT_EQ(::SSL_session_reused(again.ssl()), 1) << ::SSL_get_version(again.ssl());
    }
    ::SSL_SESSION_free(session);
  }
}

/// A domain that asks its clients, beside one that does not.
class MutualTls : public TlsServer {
 protected:
  MutualTls() {
    serve([open = own_.context(), closed = own_.context(authority_.pem())](std::string_view name) {
      return name == "closed" ? closed : open;
    });
  }
  /// What a request on a new connection gets, "" when there is no connection to be had.
  [[nodiscard]] std::string ask(TestTlsOptions options, std::string* error = nullptr) const {
    auto client = connect(options);
    const auto answer = client.send(kGet) ? client.read_all() : "";
    if (error != nullptr) *error = client.error();
    return answer.substr(answer.find("\r\n\r\n") + 1);
  }

  const TestCertificate authority_{"authority"};
};

TEST_F(MutualTls, TellsTheHandlerWhoTheClientIs) {
  const TestCertificate ann("ann", "ann", &authority_);
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const auto answer = ask({.server_name = "closed", .version_max = version, .own = &ann});
    EXPECT_TRUE(answer.ends_with("secure closed CN=ann 0")) << answer;
  }
}

TEST_F(MutualTls, LetsNobodyElseIn) {
  const TestCertificate impostor_authority("authority");
  const TestCertificate impostor("ann", "ann", &impostor_authority);
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    std::string error;
    EXPECT_EQ(ask({.server_name = "closed", .version_max = version}, &error), "");
    EXPECT_NE(error.find("alert"), std::string::npos) << error;
    EXPECT_EQ(ask({.server_name = "closed", .version_max = version, .own = &impostor}, &error), "");
    EXPECT_NE(error.find("alert"), std::string::npos) << error;
    EXPECT_NE(ask({.server_name = "open", .version_max = version, .own = &impostor}), "");
  }
}

TEST_F(MutualTls, IsNotGotAroundByASessionOfAnotherName) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    auto first = connect({.server_name = "open", .version_max = version});
    first.send(kGet);
    first.read_all();
    SSL_SESSION* session = ::SSL_get1_session(first.ssl());
    EXPECT_EQ(ask({.server_name = "closed", .version_max = version, .session = session}), "");
    ::SSL_SESSION_free(session);
  }
}

TEST_F(TlsServer, DescribesAClientsCertificate) {
  std::shared_ptr<const ClientCertificate> seen;
  const TestCertificate authority("authority");
  const TestCertificate ann("ann", "ann", &authority);
  ServerOptions options;
  options.loops = 1;
  options.tls = [context = own_.context(authority.pem())](std::string_view) { return context; };
  server_.emplace(
      options,
      [&](Request&& request, Responder responder) {
        seen = request.client_certificate;
        std::move(responder).send({});
      },
      clock_, logger_);
  server_->start();
  auto client = connect({.own = &ann});
  client.send(kGet);
  client.read_all();
  ASSERT_NE(seen, nullptr);
  EXPECT_EQ(seen->pem, ann.pem());
  EXPECT_EQ(seen->subject, "CN=ann");
  EXPECT_EQ(seen->issuer, "CN=authority");
  EXPECT_EQ(seen->serial, ann.serial());
  EXPECT_TRUE(seen->not_after.ends_with(" GMT")) << seen->not_after;
  EXPECT_LT(seen->not_before.size(), 26u);
}

TEST_F(TlsServer, GivesUpOnASlowHandshake) {
  serve([context = own_.context()](std::string_view) { return context; }, {.header_timeout = 20ms});
  TestSocket silent(server_->tls_port());
  EXPECT_EQ(silent.read_all(), "");
  TestSocket slow(server_->tls_port());
  slow.send("\x16\x03\x01");
  EXPECT_EQ(slow.read_all(), "");
}

TEST_F(TlsServer, EndsWhatIsNotTls) {
  serve();
  for (const std::string_view bytes :
       {kGet, std::string_view("\x16\x03\x01\x00\x04\x01\x00\x00\x00", 9)}) {
    TestSocket client(server_->tls_port());
    client.send(bytes);
    client.shut_sending();
    EXPECT_EQ(client.read_all().find("HTTP/1.1 200"), std::string::npos);
  }
  EXPECT_TRUE(connect().is_up());
}

TEST_F(TlsServer, SurvivesAChooserThatFails) {
  serve([](std::string_view) -> TlsContextPtr { throw BugError("fault"); });
  EXPECT_EQ(connect().error(), "tlsv1 alert internal error");
}

TEST_F(TlsServer, ClosesIdleConnectionsAndStopsWithHandshakesUnderWay) {
  serve([context = own_.context()](std::string_view) { return context; }, {.idle_timeout = 20ms});
  auto idle = connect();
  EXPECT_EQ(idle.read_all(), "");
  EXPECT_EQ(idle.error(), "");
  TestSocket silent(server_->tls_port());
  EXPECT_TRUE(connect().is_up());
  server_->stop(20s);
  EXPECT_EQ(silent.read_all(), "");
}

TEST(TlsContext, SaysWhichPartIsBad) {
  const TestCertificate one("one", "one");
  const TestCertificate two("two", "two");
  const std::string torn = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  const std::pair<TlsIdentity, std::string> cases[] = {
      {{.certificate_chain = "", .private_key = one.key_pem()}, "the chain has no certificate"},
      {{.certificate_chain = torn, .private_key = one.key_pem()}, "cannot be read"},
      {{.certificate_chain = one.pem() + torn, .private_key = one.key_pem()}, "cannot be read"},
      {{.certificate_chain = one.pem(), .private_key = "no"}, "the private key is not PEM"},
      {{.certificate_chain = one.pem(), .private_key = two.key_pem()}, "not the certificate's"},
      {{.certificate_chain = one.pem(), .private_key = one.key_pem(), .client_authorities = "x"},
       "the trust store has no certificate"},
  };
  for (const auto& [identity, what] : cases) {
    const auto made = make_tls_context(identity);
    ASSERT_FALSE(made) << what;
    EXPECT_EQ(made.error().code, ErrorCode::kInvalid);
    EXPECT_NE(made.error().message.find(what), std::string::npos) << made.error().message;
  }
  const auto chained =
      make_tls_context({.certificate_chain = one.pem() + two.pem(), .private_key = one.key_pem()});
  EXPECT_TRUE(chained);
}

}  // namespace
}  // namespace stator::http

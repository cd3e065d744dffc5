#include "cli/http_client.h"
#include "cli/serving.h"

#include <gtest/gtest.h>

namespace daybook::cli {
namespace {

TEST(Addresses, AreHostAndPort) {
  EXPECT_EQ(ServerUrl::parse("http://127.0.0.1:8080")->authority(), "127.0.0.1:8080");
  EXPECT_EQ(ServerUrl::parse("http://ledger.example/")->authority(), "ledger.example");
  EXPECT_EQ(ServerUrl::parse("http://[::1]:8080")->authority(), "[::1]:8080");
  for (const char* url : {"", "127.0.0.1:8080", "https://x", "http://", "http://x:0", "http://x:99999", "http://x:y", "http://x/v1",
                          "http://[::1", "http://a@b"}) {
    const Outcome<ServerUrl> parsed = ServerUrl::parse(url);
    ASSERT_FALSE(parsed) << url;
    EXPECT_EQ(parsed.error().exit_code, ExitCode::Usage) << url;
  }
}

TEST(Addresses, ToListenOnMayLeaveThePortOpen) {
  EXPECT_EQ(listen_options("127.0.0.1:0")->port, 0);
  EXPECT_EQ(listen_options("localhost:81")->address, "127.0.0.1");
  EXPECT_EQ(listen_options("[::1]:81")->address, "::1");
  for (const char* listen : {"", "8080", "127.0.0.1", "127.0.0.1:", "x:70000", "::1:80", "x:-1"}) {
    EXPECT_FALSE(listen_options(listen)) << listen;
  }
}

}  // namespace
}  // namespace daybook::cli

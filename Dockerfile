# Build with the toolchain the workspace names; run on a slim Debian without one.
FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY . .
RUN cargo build --release --locked -p server

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*
RUN useradd --system --create-home --home-dir /var/lib/hanqitong hanqitong
COPY --from=build /src/target/release/hanqitong /usr/local/bin/hanqitong
USER hanqitong
VOLUME /var/lib/hanqitong
ENV HANQITONG__DATA__DIR=/var/lib/hanqitong HANQITONG__SERVER__BIND=0.0.0.0:8080
EXPOSE 8080
ENTRYPOINT ["hanqitong"]
CMD ["serve", "--role", "all"]

# The s2f command with a Java of its own, from the package that "mvn -Pdist package" makes:
#   docker build -t spike2former .
#   docker run --rm -v "$PWD":/work spike2former segment photo.jpg
#   docker run --rm -p 127.0.0.1:8080:8080 spike2former serve --host 0.0.0.0
FROM debian:bookworm-slim AS unpacked
ADD dist/target/spike2former-*-linux-x64.tar.gz /opt/
RUN mv /opt/spike2former-* /opt/spike2former

FROM debian:bookworm-slim
# Charts and numbered masks have text.
RUN apt-get update \
  && apt-get install -y --no-install-recommends fontconfig fonts-dejavu-core \
  && rm -rf /var/lib/apt/lists/*
COPY --from=unpacked /opt/spike2former /opt/spike2former
RUN ln -s /opt/spike2former/s2f /usr/local/bin/s2f && useradd --create-home s2f
USER s2f
WORKDIR /work
EXPOSE 8080
ENTRYPOINT ["s2f"]
CMD ["--help"]
